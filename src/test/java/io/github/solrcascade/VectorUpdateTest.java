package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.encoder.Encoders;
import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.tokenvector.TokenPooling;
import io.github.solrcascade.tokenvector.TokenVectors;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Vectors made while documents are indexed. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class VectorUpdateTest extends SolrTestCase {
  private static final String LONG_TEXT = "plain lamp ".repeat(30).strip();
  private static TestSolr solr;
  private static BiEncoder encoder;
  private static LateInteractionEncoder late;

  @BeforeClass
  public static void startSolr() throws Exception {
    solr =
        TestSolr.start(createTempDir(), Map.of("vector.maxTokens", "16", "tokens.poolFactor", "2"));
    assertEquals("", solr.loadError());
    encoder = (BiEncoder) Encoders.acquire(TestSolr.MODELS.resolve("tiny-bi-encoder"));
    late =
        (LateInteractionEncoder) Encoders.acquire(TestSolr.MODELS.resolve("tiny-late-interaction"));
  }

  @AfterClass
  public static void stopSolr() {
    if (solr != null) {
      Encoders.release(encoder);
      Encoders.release(late);
      solr.close();
      solr = null;
      encoder = null;
      late = null;
    }
  }

  private static float[] stored(String id) throws Exception {
    JsonNode values = solr.search("q", "id:" + id).docs().get(0).path("vector");
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i).floatValue();
    }
    return vector;
  }

  private static void assertStored(String text, String id) throws Exception {
    assertArrayEquals(encoder.encodeDocument(text, 16), stored(id), 0);
  }

  private static void assertRefused(String message, String update) throws Exception {
    Answer answer = solr.update(update, "commit", "true");
    assertEquals(answer.json().toString(), 400, answer.status());
    assertTrue(answer.error(), answer.error().contains(message));
  }

  @Test
  public void isTheEncodersOfAllSources() throws Exception {
    solr.index(List.of(Map.of("id", "1", "text", " laptop printer ", "title", "red shoe")));
    assertStored("red shoe laptop printer", "1");
  }

  @Test
  public void oneSourceIsEnough() throws Exception {
    solr.index(List.of(Map.of("id", "1", "text", "laptop")));
    assertStored("laptop", "1");
  }

  @Test
  public void longTextIsCut() throws Exception {
    solr.index(List.of(Map.of("id", "1", "text", LONG_TEXT)));
    assertStored(LONG_TEXT, "1");
    assertFalse(java.util.Arrays.equals(encoder.encodeDocument(LONG_TEXT, 64), stored("1")));
  }

  @Test
  public void ownVectorIsKept() throws Exception {
    List<Integer> own = List.of(1, 2, 3, 4, 5, 6, 7, 8);
    solr.index(List.of(Map.of("id", "1", "title", "red shoe", "vector", own)));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, stored("1"), 0);
  }

  @Test
  public void withoutTextThereIsNone() throws Exception {
    solr.index(List.of(Map.of("id", "1", "price", 3)));
    assertEquals(0, stored("1").length);
    solr.index(List.of(Map.of("id", "1", "title", "  ")));
    assertEquals(0, stored("1").length);
  }

  @Test
  public void atomicUpdateOfAnotherFieldLeavesIt() throws Exception {
    solr.index(List.of(Map.of("id", "1", "title", "red shoe")));
    solr.index(List.of(Map.of("id", "1", "price", Map.of("set", 5))));
    assertStored("red shoe", "1");
  }

  private static String storedTokens(String id) throws Exception {
    return solr.search("q", "id:" + id).docs().get(0).path("tokens").asText();
  }

  private static String tokens(String text) {
    float[][] vectors = TokenPooling.pool(late.encodeDocument(text, 64), 2);
    return Base64.getEncoder().encodeToString(TokenVectors.encode(vectors));
  }

  @Test
  public void tokenVectorsAreTheEncodersPooled() throws Exception {
    solr.index(List.of(Map.of("id", "1", "text", " laptop printer ", "title", "red shoe")));
    assertEquals(tokens("red shoe laptop printer"), storedTokens("1"));
    solr.index(List.of(Map.of("id", "1", "price", 3)));
    assertEquals("", storedTokens("1"));
  }

  @Test
  public void atomicUpdateOfAnotherFieldLeavesTokenVectors() throws Exception {
    solr.index(List.of(Map.of("id", "1", "title", "red shoe")));
    // Out of the index, and out of the update log.
    solr.index(List.of(Map.of("id", "1", "price", Map.of("set", 5))));
    assertEquals(tokens("red shoe"), storedTokens("1"));
    solr.update("[{\"id\":\"1\",\"title\":\"red boot\"}]");
    solr.index(List.of(Map.of("id", "1", "price", Map.of("set", 6))));
    assertEquals(tokens("red boot"), storedTokens("1"));
  }

  @Test
  public void ownTokenVectorsAreKept() throws Exception {
    String own = tokens("blue boot");
    solr.index(List.of(Map.of("id", "1", "title", "red shoe", "tokens", own)));
    assertEquals(own, storedTokens("1"));
  }

  @Test
  public void tokenVectorsThatAreNoneAreRefused() throws Exception {
    String document = "[{\"id\":\"9\",\"tokens\":\"%s\"}]";
    String rule = "must hold vectors of 6 bytes behind its first byte";
    assertRefused("tokens: 6 bytes, " + rule, String.format(Locale.ROOT, document, "AQIDBAUG"));
    assertRefused("tokens: 1 bytes, " + rule, String.format(Locale.ROOT, document, "AQ=="));
    assertRefused(
        "tokens: 7 bytes, must begin with the format's number 1",
        String.format(Locale.ROOT, document, "AgIDBAUGBw=="));
    assertRefused("Illegal base64 character", String.format(Locale.ROOT, document, "red shoe"));
    assertEquals(0, solr.search("q", "id:9").docs().size());
  }

  @Test
  public void atomicUpdateOfASourceIsRefused() throws Exception {
    solr.index(List.of(Map.of("id", "1", "title", "red shoe", "text", "laptop")));
    String message = "an atomic update would leave 'vector' behind: send the whole document";
    assertRefused(message, "[{\"id\":\"1\",\"title\":{\"set\":\"blue\"}}]");
    // Beside one atomic value Solr takes plain ones for sets, too.
    assertRefused(message, "[{\"id\":\"1\",\"title\":\"blue\",\"price\":{\"set\":5}}]");
    assertStored("red shoe laptop", "1");
  }
}
