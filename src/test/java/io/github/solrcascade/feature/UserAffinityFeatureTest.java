package io.github.solrcascade.feature;

import io.github.solrcascade.TestSolr.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.Test;

/** What a visitor's clicks make of documents. */
public class UserAffinityFeatureTest extends FeatureTest {
  /** 2026-11-25T00:00:00Z. */
  private static final String NOW = "1795564800000";

  private static final String BRAND =
      "{\"field\":\"brand\",\"halfLife\":\"30d\",\"defaultValue\":-0.5}";
  private static final String A_NOW = "{\"id\":\"a\",\"at\":\"2026-11-25T00:00:00Z\"";
  private static final String B_A_MONTH_AGO = "{\"id\":\"b\",\"at\":\"2026-10-26T00:00:00Z\"";

  @BeforeClass
  public static void indexDocuments() throws Exception {
    index(
        List.of(
            Map.of("id", "a", "brand", "sony", "vector4", List.of(1, 0, 0, 0)),
            Map.of("id", "b", "brand", "bose", "vector4", List.of(0, 2, 0, 0))));
    index(
        List.of(
            Map.of("id", "c", "brand", "sony", "vector4", List.of(0, 5, 0, 0)),
            Map.of("id", "d", "title", "of no brand")));
  }

  private static Map<String, Float> values(String params, String clicks) throws Exception {
    return values(
        ours("UserAffinityFeature"), params, "efi.clicks=$clicks", "clicks", clicks, "NOW", NOW);
  }

  private static String list(String... visits) {
    return "[" + String.join(",", visits) + "]";
  }

  @Test
  public void brandIsTheShareOfClicksAndOldOnesCountHalf() throws Exception {
    Map<String, Float> values = values(BRAND, list(A_NOW + "}", B_A_MONTH_AGO + "}"));
    float sony = 1 / 1.5f;
    assertEquals(sony, values.get("a"), 1e-6f);
    assertEquals(sony, values.get("c"), 1e-6f);
    assertEquals(0.5f / 1.5f, values.get("b"), 1e-6f);
    assertEquals(-0.5f, values.get("d"), 0);
  }

  @Test
  public void shortLookCountsInProportion() throws Exception {
    Map<String, Float> values =
        values(BRAND, list(A_NOW + ",\"dwell\":15}", B_A_MONTH_AGO + ",\"dwell\":3000}"));
    assertEquals(0.5f, values.get("a"), 1e-6f);
    assertEquals(0.5f, values.get("b"), 1e-6f);
  }

  @Test
  public void vectorIsTheCosineWithTheClicksDirection() throws Exception {
    String params = "{\"field\":\"vector4\",\"halfLife\":\"30d\",\"defaultValue\":0.25}";
    // The sum is (1, 0.5): lengths of the documents' vectors do not matter.
    Map<String, Float> values = values(params, list(A_NOW + "}", B_A_MONTH_AGO + "}"));
    float length = (float) Math.sqrt(1.25);
    assertEquals(1 / length, values.get("a"), 1e-6f);
    assertEquals(0.5f / length, values.get("c"), 1e-6f);
    assertEquals(0.25f, values.get("d"), 0);
  }

  @Test
  public void valuesThatTheClickBringsCountAsThoseOfTheIndex() throws Exception {
    String vector = "{\"field\":\"vector4\",\"halfLife\":\"30d\"}";
    String given = ",\"values\":{\"brand\":[\"sony\"],\"vector4\":[1,0,0,0]}}";
    String gone = A_NOW.replace("\"a\"", "\"gone\"");
    for (String params : List.of(BRAND, vector)) {
      Map<String, Float> expected = values(params, list(A_NOW + "}", B_A_MONTH_AGO + "}"));
      assertEquals(expected, values(params, list(gone + given, B_A_MONTH_AGO + "}")));
    }
    assertEquals(1f, values(BRAND, list(A_NOW + ",\"values\":{\"brand\":\"bose\"}}")).get("b"), 0);
  }

  @Test
  public void valuesThatNoDocumentCouldHaveAreRefused() throws Exception {
    serve(ours("UserAffinityFeature"), BRAND);
    assertEquals(400, clicked(",\"values\":7}").status());
    Answer refused = clicked(",\"values\":{\"brand\":[7]}}");
    assertEquals(400, refused.status());
    assertTrue(
        refused.error(),
        refused.error().contains("values.brand must be a text or a list of texts"));
    serve(ours("UserAffinityFeature"), "{\"field\":\"vector4\",\"halfLife\":\"30d\"}");
    for (String value : List.of("[1,2]", "[1,2,3,\"secret\"]", "\"secret\"")) {
      Answer wrong = clicked(",\"values\":{\"vector4\":" + value + "}}");
      assertEquals(400, wrong.status());
      assertTrue(
          wrong.error(), wrong.error().contains("values.vector4 must be a list of 4 numbers"));
      assertFalse(wrong.error(), wrong.error().contains("secret"));
    }
  }

  private static Answer clicked(String rest) throws Exception {
    String clicks = list(A_NOW + rest);
    return solr.get(
        "/select", "q", "*:*", "rq", "{!cascade name=popular efi.clicks=$c}", "c", clicks);
  }

  @Test
  public void withoutClicksThatCountAllDocumentsHaveTheDefault() throws Exception {
    String unknown = "{\"id\":\"gone\",\"at\":\"2026-11-25T00:00:00Z\"}";
    for (String clicks : List.of("", "[]", list(unknown))) {
      assertEquals(Map.of("a", -0.5f, "b", -0.5f, "c", -0.5f, "d", -0.5f), values(BRAND, clicks));
    }
    assertEquals(-0.5f, values(ours("UserAffinityFeature"), BRAND, "").get("a"), 0);
  }

  @Test
  public void visitorsPageIsNotServedToAnotherAndLeavesNothingInCaches() throws Exception {
    serve(ours("UserAffinityFeature"), BRAND);
    String[] own = {"efi.clicks", list(A_NOW + "}")};
    for (int i = 0; i < 2; i++) {
      Answer answer = search("{!cascade name=popular efi.clicks=$clicks}", own[1]);
      assertFalse(answer.json().path("cascade").has("servedFrom"));
    }
    search("{!cascade name=popular}", "");
    Answer impersonal = search("{!cascade name=popular}", "");
    assertEquals("queryResultCache", impersonal.json().path("cascade").path("servedFrom").asText());
  }

  private static Answer search(String rq, String clicks) throws Exception {
    return solr.search("q", "*:*", "fl", "id,score", "rq", rq, "clicks", clicks, "NOW", NOW);
  }

  @Test
  public void aProfileOfACoreCountsAsTheRequestsClicks() throws Exception {
    serve(ours("UserAffinityFeature"), BRAND);
    index(List.of(Map.of("id", "anna", "notes", list(A_NOW + "}", B_A_MONTH_AGO + "}"))));
    Answer expected = ofProfile("nobody", list(A_NOW + "}", B_A_MONTH_AGO + "}"));
    Answer found = ofProfile("anna", "");
    assertEquals(expected.docs(), found.docs());
    assertNotEquals(ofProfile("nobody", "").docs(), found.docs());
    assertEquals(expected.docs(), ofProfile("anna", "[]").docs());
    assertFalse(found.json().path("cascade").has("servedFrom"));
    solr.update("{\"delete\":\"anna\"}", "commit", "true");
    assertEquals(ofProfile("nobody", "").docs(), ofProfile("anna", "").docs());
  }

  private static Answer ofProfile(String visitor, String clicks) throws Exception {
    Answer answer =
        solr.get(
            "/personal",
            "q",
            "brand:*",
            "fl",
            "id,score",
            "rq",
            "{!cascade name=popular efi.clicks=$clicks}",
            "clicks",
            clicks,
            "cascade.profile",
            visitor,
            "NOW",
            NOW);
    assertEquals(answer.json().toString(), 200, answer.status());
    return answer;
  }

  @Test
  public void malformedClicksAreRefusedWithoutBeingRepeated() throws Exception {
    serve(ours("UserAffinityFeature"), BRAND);
    for (String clicks :
        List.of(
            "secret",
            "{}",
            "[{\"id\":7}]",
            list("{\"id\":\"a\",\"at\":\"secret\"}"),
            list(A_NOW + ",\"dwell\":-1}"),
            list(A_NOW + ",\"dwell\":\"secret\"}"))) {
      Answer answer =
          solr.get(
              "/select", "q", "*:*", "rq", "{!cascade name=popular efi.clicks=$c}", "c", clicks);
      assertEquals(clicks, 400, answer.status());
      assertTrue(answer.error(), answer.error().contains("must be a JSON list of at most 200"));
      assertFalse(answer.error(), answer.error().contains("secret"));
    }
  }

  @Test
  public void mistakesAreRefusedAtUpload() throws Exception {
    assertRefused("field: missing, must be given", "{\"halfLife\":\"30d\"}");
    assertRefused("halfLife: missing, must be given", "{\"field\":\"brand\"}");
    assertRefused("halfLife: 0d, must be more than 0", "{\"field\":\"brand\",\"halfLife\":\"0d\"}");
    assertRefused(
        "fullDwell: long, " + Age.RULE,
        "{\"field\":\"brand\",\"halfLife\":\"1d\",\"fullDwell\":\"long\"}");
    assertRefused(
        "field: price, must be a text or string", "{\"field\":\"price\",\"halfLife\":\"1d\"}");
    assertRefused(
        "field: title, must be a text or string", "{\"field\":\"title\",\"halfLife\":\"1d\"}");
    assertRefused("field: nowhere, must be a field", "{\"field\":\"nowhere\",\"halfLife\":\"1d\"}");
  }

  private static void assertRefused(String message, String params) throws Exception {
    Answer answer =
        solr.put(
            "/schema/feature-store",
            String.format(
                Locale.ROOT,
                "[{\"name\":\"x\",\"class\":\"%s\",\"params\":%s}]",
                ours("UserAffinityFeature"),
                params));
    assertEquals(answer.json().toString(), 400, answer.status());
    assertTrue(answer.json().toString(), answer.json().toString().contains(message));
  }
}
