package io.github.solrcascade.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.solrcascade.TestSolr;
import io.github.solrcascade.TestSolr.Answer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * A rerank server with a model of ours ranks as the model does here. {@code scripts/peer} starts
 * it; without it there is nothing to test.
 */
public class RealPeerTest extends FeatureTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
  private static final Path PRODUCTS = BASE.resolve("src/demo/data/products");
  private static final String MODEL = "product-reranker-l3";
  private static final String URL = System.getProperty("peer.url");
  private static final int DEPTH = 40;
  private static final int QUERIES = 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the server's arithmetic may differ by: it has its own version of the runtime. */
  private static final float TOLERANCE = 1e-4f;

  /**
   * In place of the superclass's Solr one with the model, the products and the server's address.
   */
  @BeforeClass
  public static void startSolrWithPeer() throws Exception {
    assumeTrue("peer.url is given", URL != null);
    solr.close();
    Path home = createTempDir();
    Path models = createTempDir().resolve("models");
    copy(TestSolr.MODELS, models);
    copy(BASE.resolve("models").resolve(MODEL), models.resolve(MODEL));
    giveProbabilities(models.resolve(MODEL).resolve("model.json"));
    Map<String, String> properties =
        Map.of(
            "cascade.models",
            models.toString(),
            "cascade.cross",
            MODEL,
            "cascade.popular.depth",
            "" + DEPTH,
            "rerank.enable",
            "true",
            "rerank.url",
            URL,
            "rerank.keyFile",
            "key.txt");
    TestSolr.install(home, "test", properties);
    Files.writeString(home.resolve("key.txt"), "none");
    solr = TestSolr.start(home);
    assertEquals("", solr.loadError());
    index(products());
  }

  private static void copy(Path from, Path to) throws Exception {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** As the server does. */
  private static void giveProbabilities(Path manifest) throws Exception {
    String json = Files.readString(manifest);
    assertTrue(json.contains("\"sigmoid\": false"));
    Files.writeString(manifest, json.replace("\"sigmoid\": false", "\"sigmoid\": true"));
  }

  private static List<Map<String, Object>> products() throws Exception {
    List<Map<String, Object>> products = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(PRODUCTS.resolve("products.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode product = JSON.readTree(line);
        products.add(
            Map.of(
                "id", product.path("id").asText(),
                "title", product.path("title").asText(),
                "text", product.path("short_description").asText()));
      }
    }
    return products;
  }

  private static Answer rank(String query) throws Exception {
    return ask(
        "cache=false efi.text='" + query + "'",
        "q",
        "{!edismax qf='title text' v='" + query + "'}",
        "rows",
        "" + DEPTH,
        "debugQuery",
        "false");
  }

  @Test
  public void ranksAsTheModelDoesHere() throws Exception {
    List<String> queries =
        Files.readAllLines(PRODUCTS.resolve("queries.tsv")).stream()
            .map(line -> line.substring(line.indexOf('\t') + 1))
            .filter(query -> !query.contains("'"))
            .limit(QUERIES)
            .toList();
    String fields = "\"fields\":[\"title\",\"text\"],\"defaultValue\":-1";
    serve(ours("CrossEncoderFeature"), "{\"encoder\":\"cross\"," + fields + "}");
    List<Answer> here = new ArrayList<>();
    for (String query : queries) {
      here.add(rank(query));
    }
    serve(ours("RemoteRerankFeature"), "{\"reranker\":\"hosted\"," + fields + "}");
    int pairs = 0;
    int sameOrders = 0;
    float largest = 0;
    for (int i = 0; i < queries.size(); i++) {
      Answer there = rank(queries.get(i));
      assertEquals("completed", outcome(there));
      assertEquals("completed", outcome(here.get(i)));
      Map<String, Float> expected = scores(here.get(i));
      Map<String, Float> actual = scores(there);
      assertEquals(expected.keySet(), actual.keySet());
      for (Map.Entry<String, Float> each : expected.entrySet()) {
        largest = Math.max(largest, Math.abs(each.getValue() - actual.get(each.getKey())));
      }
      pairs += expected.size();
      sameOrders += here.get(i).ids().equals(there.ids()) ? 1 : 0;
    }
    String told =
        String.format(
            Locale.ROOT,
            "%d queries, %d pairs: %d orders equal, largest difference of a score %.2g%n",
            queries.size(),
            pairs,
            sameOrders,
            largest);
    Files.writeString(BASE.resolve("target/peer.txt"), told);
    assertTrue(told, pairs > 12 * DEPTH && sameOrders == queries.size() && largest < TOLERANCE);
  }

  private static String outcome(Answer answer) {
    return answer.json().path("cascade").path("stages").path(0).path("outcome").asText();
  }

  private static Map<String, Float> scores(Answer answer) {
    Map<String, Float> scores = new TreeMap<>();
    for (JsonNode doc : answer.docs()) {
      scores.put(doc.path("id").asText(), doc.path("score").floatValue());
    }
    return scores;
  }
}
