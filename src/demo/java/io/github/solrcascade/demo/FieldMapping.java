package io.github.solrcascade.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A judged set's {@code fields.json}: which of its own fields is what. All but the documents and
 * the title may be missing.
 *
 * @param documents the file of documents
 * @param title fields whose texts, joined, are the title
 * @param text fields whose texts, joined, are the description
 */
public record FieldMapping(
    String documents,
    List<String> title,
    List<String> text,
    Optional<String> brand,
    Optional<String> price,
    Optional<String> date,
    Optional<String> popularity) {
  private static final Set<String> KEYS =
      Set.of("documents", "title", "text", "brand", "price", "date", "popularity");

  /**
   * Parses the file's text.
   *
   * @throws DemoException with key, value and rule
   */
  public static FieldMapping parse(String json) {
    JsonNode root = object(json);
    for (Iterator<String> keys = root.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!KEYS.contains(key)) {
        throw new DemoException("fields.json: " + key + ": unknown key, known: " + sortedKeys());
      }
    }
    return new FieldMapping(
        single(root, "documents").orElseThrow(() -> missing("documents")),
        names(root, "title"),
        names(root, "text"),
        single(root, "brand"),
        single(root, "price"),
        single(root, "date"),
        single(root, "popularity"));
  }

  private static JsonNode object(String json) {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      if (!root.isObject()) {
        throw new DemoException("fields.json: must be a JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new DemoException("fields.json: not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String sortedKeys() {
    return String.join(", ", KEYS.stream().sorted().toList());
  }

  private static DemoException missing(String key) {
    return new DemoException("fields.json: " + key + ": missing");
  }

  private static Optional<String> single(JsonNode root, String key) {
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw new DemoException("fields.json: " + key + ": " + value + ", must be one name");
    }
    return Optional.of(value.textValue());
  }

  private static List<String> names(JsonNode root, String key) {
    JsonNode value = root.path(key);
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!value.isArray() && !value.isMissingNode()) {
      throw new DemoException("fields.json: " + key + ": " + value + ", must be a list of names");
    }
    List<String> names = new ArrayList<>();
    value.forEach(name -> names.add(name.asText()));
    return List.copyOf(names);
  }
}
