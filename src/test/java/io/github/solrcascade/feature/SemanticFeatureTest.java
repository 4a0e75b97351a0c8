package io.github.solrcascade.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.encoder.Encoders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.core.SolrCore;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.request.SolrQueryRequestBase;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** How near query and document are, checked against the vectors themselves. */
public class SemanticFeatureTest extends FeatureTest {
  private static final float EXACT = 1e-5f;
  private static final String TEXT = "red shoe";
  private static BiEncoder encoder;

  @BeforeClass
  public static void indexVectors() throws Exception {
    encoder = (BiEncoder) Encoders.acquire(TestSolr.MODELS.resolve("tiny-bi-encoder"));
    index(
        List.of(
            Map.of("id", "1", "title", "red running shoe"),
            Map.of("id", "2", "title", "laptop printer")));
    index(
        List.of(
            Map.of("id", "3", "vector", List.of(3, 0, 0, 0, 4, 0, 0, 0)),
            Map.of("id", "4", "price", 1)));
  }

  @AfterClass
  public static void release() {
    Encoders.release(encoder);
    encoder = null;
  }

  private static Map<String, Float> feature(String params, String localParams) throws Exception {
    String all = "{\"encoder\":\"bi\",\"field\":\"vector\",\"defaultValue\":-7" + params + "}";
    return values(ours("SemanticFeature"), all, localParams);
  }

  private static Map<String, float[]> storedVectors() throws Exception {
    Map<String, float[]> vectors = new HashMap<>();
    for (JsonNode doc : solr.search("q", "*:*", "fl", "id,vector").docs()) {
      if (doc.has("vector")) {
        float[] vector = new float[doc.path("vector").size()];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = doc.path("vector").get(i).floatValue();
        }
        vectors.put(doc.path("id").asText(), vector);
      }
    }
    return vectors;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  @Test
  public void isTheCosineOfTheVectors() throws Exception {
    Map<String, Float> values = feature("", "efi.text='" + TEXT + "'");
    float[] query = encoder.encodeQuery(TEXT);
    Map<String, float[]> vectors = storedVectors();
    assertEquals(3, vectors.size());
    vectors.forEach((id, v) -> assertEquals(cosine(query, v), values.get(id), EXACT));
  }

  @Test
  public void dotProductKeepsLengths() throws Exception {
    Map<String, Float> values =
        feature(",\"similarity\":\"dot_product\"", "efi.text='" + TEXT + "'");
    float[] query = encoder.encodeQuery(TEXT);
    assertEquals(3 * query[0] + 4 * query[4], values.get("3"), EXACT);
    storedVectors().forEach((id, v) -> assertEquals(dot(query, v), values.get(id), EXACT));
  }

  @Test
  public void textMayBeAnother() throws Exception {
    Map<String, Float> values = feature(",\"text\":\"plain ${what}\"", "efi.what=lamp");
    float[] query = encoder.encodeQuery("plain lamp");
    assertEquals(cosine(query, storedVectors().get("1")), values.get("1"), EXACT);
  }

  @Test
  public void missingVectorIsTheDefaultAndSaysSo() throws Exception {
    assertEquals(-7, feature("", "efi.text=red").get("4"), 0);
    Answer answer = ask("efi.text=red");
    String missing = explanation(answer, "4");
    assertTrue(missing, missing.contains("-7.0 = default value, document has none: Semantic"));
  }

  @Test
  public void oneTextIsEncodedOnceARequest() throws Exception {
    try (SolrCore core = solr.cores().getCore("test");
        SolrQueryRequest request = new SolrQueryRequestBase(core, new ModifiableSolrParams()) {}) {
      float[] first = QueryVectors.encode(request, "bi", encoder, TEXT);
      assertSame(first, QueryVectors.encode(request, "bi", encoder, TEXT));
      assertNotSame(first, QueryVectors.encode(request, "bi", encoder, "blue boot"));
    }
  }
}
