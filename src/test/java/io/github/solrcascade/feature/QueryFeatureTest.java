package io.github.solrcascade.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.Test;

/** A query's score as a feature. */
public class QueryFeatureTest extends FeatureTest {
  private static final String HOSTILE = "foo\"bar {!func}1 ) OR *:* ${wanted} $wanted";

  @BeforeClass
  public static void indexTitles() throws Exception {
    index(
        List.of(
            Map.of("id", "1", "title", "red running shoe", "popularity", 4),
            Map.of("id", "2", "title", "running red shoe red", "popularity", 0),
            Map.of("id", "3", "title", "blue boot")));
    index(
        List.of(
            Map.of("id", "4", "title", "red shoe", "popularity", 7),
            Map.of("id", "5", "popularity", 100),
            Map.of("id", "6", "title", "foo bar func 1 or wanted")));
  }

  private static Map<String, Float> feature(String q, String localParams) throws Exception {
    String params = "{\"q\":\"" + q.replace("\"", "\\\"") + "\",\"defaultValue\":-1}";
    return values(ours("QueryFeature"), params, localParams);
  }

  /** The scores that the query gives as the main one, and the default for all other documents. */
  private static Map<String, Float> scores(String q) throws Exception {
    Map<String, Float> scores = new HashMap<>();
    for (int id = 1; id <= 6; id++) {
      scores.put(String.valueOf(id), -1f);
    }
    for (JsonNode doc : solr.search("q", q, "fl", "id,score", "rows", "100").docs()) {
      scores.put(doc.path("id").asText(), doc.path("score").floatValue());
    }
    return scores;
  }

  @Test
  public void equalsTheScoreOfTheSameQuery() throws Exception {
    assertEquals(
        scores("{!edismax qf=title}red shoe"),
        feature("{!edismax qf=title v=$text}", "efi.text='red shoe'"));
  }

  @Test
  public void phraseMatchesWordsInOrderOnly() throws Exception {
    Map<String, Float> phrase = feature("{!field f=title v=$text}", "efi.text='red shoe'");
    assertEquals(scores("title:\"red shoe\""), phrase);
    assertEquals("words apart", -1, phrase.get("1"), 0);
    assertTrue(phrase.get("4") > 0);
  }

  @Test
  public void functionGivesItsValue() throws Exception {
    Map<String, Float> doubled = feature("{!func}product(2,popularity)", "");
    assertEquals(8, doubled.get("1"), 0);
    assertEquals(14, doubled.get("4"), 0);
    assertEquals("a function matches every document", 0, doubled.get("3"), 0);
  }

  @Test
  public void functionTakesEfi() throws Exception {
    assertEquals(12, feature("{!func}mul(popularity,$boost)", "efi.boost=3").get("1"), 0);
    assertEquals(12, feature("{!func}mul(popularity,${boost})", "efi.boost=3").get("1"), 0);
    assertEquals(8, feature("{!func}mul(popularity,${boost:2})", "").get("1"), 0);
  }

  @Test
  public void valueThatIsNoNumberIsTheDefaultAndSaysSo() throws Exception {
    assertEquals("infinite", -1, feature("{!func}div(popularity,0)", "").get("1"), 0);
    String infinite = explanation(ask(""), "1");
    assertTrue(infinite, infinite.contains("-1.0 = default value, document has none: Query"));
  }

  @Test
  public void ofSeveralValuesTheFirstCounts() throws Exception {
    assertEquals(
        12, feature("{!func}mul(popularity,${boost})", "efi.boost=3 efi.boost=5").get("1"), 0);
  }

  @Test
  public void hostileTextIsOnlyText() throws Exception {
    for (String q : List.of("{!edismax qf=title v=$text}", "{!edismax qf=title}${text}")) {
      serve(ours("QueryFeature"), "{\"q\":\"" + q + "\",\"defaultValue\":-1}");
      Answer answer = ask("efi.text=$words", "words", HOSTILE, "expandMacros", "false");
      assertEquals("6", answer.ids().get(0));
      for (JsonNode doc : answer.docs()) {
        boolean matches = doc.path("id").asText().equals("6");
        assertEquals(matches, doc.path("score").asDouble() != -1);
      }
    }
  }

  @Test
  public void requestParametersAreNotSeen() throws Exception {
    serve(ours("QueryFeature"), "{\"q\":\"{!func}mul(popularity,$boost)\"}");
    Answer answer = solr.get("/select", "q", "*:*", "rq", "{!cascade name=popular}", "boost", "3");
    assertEquals(400, answer.status());
    assertTrue(answer.error(), answer.error().contains("boost"));
  }

  @Test
  public void missingEfiIsTheClientsMistake() throws Exception {
    String name = serve(ours("QueryFeature"), "{\"q\":\"{!field f=title v=$words}\"}");
    Answer answer = solr.get("/select", "q", "*:*", "rq", "{!cascade name=popular}");
    assertEquals(400, answer.status());
    assertEquals("efi.words: missing, feature '" + name + "' needs it", answer.error());
  }
}
