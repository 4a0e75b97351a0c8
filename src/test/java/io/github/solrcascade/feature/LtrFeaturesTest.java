package io.github.solrcascade.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.List;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.Test;

/** The features that Solr LTR brings work beside ours. */
public class LtrFeaturesTest extends FeatureTest {

  @BeforeClass
  public static void indexProducts() throws Exception {
    index(
        List.of(
            Map.of("id", "1", "title", "red running shoe", "popularity", 4, "price", 9.5),
            Map.of("id", "2", "title", "red", "popularity", 0)));
    index(List.of(Map.of("id", "3", "price", 2)));
  }

  @Test
  public void fieldValue() throws Exception {
    String params = "{\"field\":\"popularity\",\"defaultValue\":-1}";
    assertEquals(Map.of("1", 4f, "2", 0f, "3", -1f), values(ltrs("FieldValueFeature"), params, ""));
    assertEquals(
        Map.of("1", 9.5f, "2", 0f, "3", 2f),
        values(ltrs("FieldValueFeature"), "{\"field\":\"price\"}", ""));
  }

  @Test
  public void fieldLength() throws Exception {
    Map<String, Float> lengths = values(ltrs("FieldLengthFeature"), "{\"field\":\"title\"}", "");
    assertEquals(Map.of("1", 3f, "2", 1f, "3", 0f), lengths);
  }

  @Test
  public void constantAndEfiValue() throws Exception {
    assertEquals(2, values(ltrs("ValueFeature"), "{\"value\":2}", "").get("3"), 0);
    String wanted = "{\"value\":\"${wanted}\",\"required\":true}";
    assertEquals(5, values(ltrs("ValueFeature"), wanted, "efi.wanted=5").get("1"), 0);
  }

  @Test
  public void originalScoreIsTheFirstPasss() throws Exception {
    serve(ltrs("OriginalScoreFeature"), "{}");
    for (String q : List.of("title:red", "{!func}sum(popularity,price)")) {
      Answer answer = ask("", "q", q);
      JsonNode first = solr.search("q", q, "fl", "id,score").docs();
      for (int i = 0; i < first.size(); i++) {
        assertEquals(first.get(i).path("id"), answer.docs().get(i).path("id"));
        assertEquals(first.get(i).path("score"), answer.docs().get(i).path("score"));
      }
    }
  }

  @Test
  public void requiredEfiIsTheClientsMistake() throws Exception {
    String name = serve(ltrs("ValueFeature"), "{\"value\":\"${wanted}\",\"required\":true}");
    Answer answer = solr.get("/select", "q", "*:*", "rq", "{!cascade name=popular}");
    assertEquals(answer.json().toString(), 400, answer.status());
    String message = "efi: feature '" + name + "': ValueFeatureWeight requires efi parameter";
    assertTrue(answer.error(), answer.error().startsWith(message));
  }
}
