package io.github.solrcascade.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.solrcascade.config.RerankMapping;
import java.io.IOException;
import java.util.List;

/** Says a query and documents in an API's JSON, and reads its scores. Immutable. */
final class RerankApi {
  private static final JsonMapper JSON = new JsonMapper();

  private final RerankMapping mapping;
  private final String model;

  /**
   * An API.
   *
   * @param model what the API calls the model; empty where it has but one
   */
  RerankApi(RerankMapping mapping, String model) {
    this.mapping = mapping;
    this.model = model;
  }

  byte[] request(String query, List<String> documents) {
    ObjectNode body = JSON.createObjectNode();
    if (!model.isEmpty()) {
      body.put("model", model);
    }
    body.put(mapping.query(), query);
    documents.forEach(body.putArray(mapping.documents())::add);
    mapping.flags().forEach(body::put);
    try {
      return JSON.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The documents' scores, in their order.
   *
   * @throws RemoteException if there is not exactly one finite score for each document
   */
  float[] scores(byte[] response, int documents) {
    JsonNode results = results(response);
    if (!results.isArray() || results.size() != documents) {
      throw new RemoteException(
          "gave "
              + (results.isArray() ? results.size() + " results" : "no list of results")
              + " for "
              + documents
              + " documents");
    }
    float[] scores = new float[documents];
    boolean[] known = new boolean[documents];
    for (JsonNode result : results) {
      int index = index(result, documents);
      if (known[index]) {
        throw new RemoteException("gave index " + index + " twice");
      }
      known[index] = true;
      scores[index] = score(result);
    }
    return scores;
  }

  private JsonNode results(byte[] response) {
    try {
      JsonNode root = JSON.readTree(response);
      return mapping.results().isEmpty() ? root : root.path(mapping.results());
    } catch (IOException e) {
      throw new RemoteException("gave what is not JSON", e);
    }
  }

  private int index(JsonNode result, int documents) {
    JsonNode index = result.path(mapping.index());
    if (!index.isInt() || index.asInt() < 0 || index.asInt() >= documents) {
      throw new RemoteException(
          "gave index " + shown(index) + ", must be from 0 to " + (documents - 1));
    }
    return index.asInt();
  }

  private float score(JsonNode result) {
    JsonNode score = result.path(mapping.score());
    if (!score.isNumber() || !Float.isFinite(score.floatValue())) {
      throw new RemoteException("gave score " + shown(score) + ", must be a finite number");
    }
    return score.floatValue();
  }

  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "none" : value.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
