package io.github.solrcascade.feature;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** The best order that the time allows, said openly, and never served as more than it is. */
public class BudgetTest extends FeatureTest {
  private static final int DOCS = 40;

  @BeforeClass
  public static void indexDocuments() throws Exception {
    List<Map<String, Object>> docs = new ArrayList<>();
    for (int i = 0; i < DOCS; i++) {
      docs.add(Map.of("id", String.valueOf(i)));
    }
    index(docs);
  }

  /** A cascade that knows nothing yet of what it costs. */
  @Before
  public void serveSlowFeature() throws Exception {
    serve(ours("SlowFeature"), "{\"millis\":10}");
  }

  private static Answer search(String localParams, String... params) throws Exception {
    List<String> all = new ArrayList<>(List.of(params));
    all.addAll(List.of("q", "*:*", "rows", "100", "fl", "id,score"));
    all.addAll(List.of("rq", "{!cascade name=popular " + localParams + "}"));
    return solr.search(all.toArray(new String[0]));
  }

  private static JsonNode stage(Answer answer) {
    return answer.json().path("cascade").path("stages").path(0);
  }

  private static String details(Answer answer) {
    JsonNode header = answer.json().path("responseHeader");
    return header.path("partialResults").asBoolean()
        ? header.path("partialResultsDetails").toString()
        : "";
  }

  /** The first so many documents by value, the rest as the first pass has them. */
  private static List<String> ordered(int reranked) {
    List<Integer> docs = new ArrayList<>();
    for (int i = 0; i < DOCS; i++) {
      docs.add(i);
    }
    docs.subList(0, reranked).sort(Comparator.comparingDouble(doc -> -SlowFeature.value(doc)));
    return docs.stream().map(String::valueOf).toList();
  }

  @Test
  public void aStageThatRunsOutOfTimeKeepsWhatIsDone() throws Exception {
    Answer answer = search("budgetMs=200");

    int docs = stage(answer).path("docs").asInt();
    assertTrue("reranked " + docs, docs > 0 && docs < DOCS);
    assertEquals(ordered(docs), answer.ids());
    String outcome = "truncated: " + docs + " of 40 documents, its budget of 200 ms was spent";
    assertEquals(outcome, stage(answer).path("outcome").asText());
    assertTrue(details(answer), details(answer).contains("stage 'popular' " + outcome));
    assertEquals(200, answer.json().path("cascade").path("budgetMs").asInt());
  }

  @Test
  public void whatWasCutShortIsNotServedAgain() throws Exception {
    for (String limit : List.of("budgetMs", "timeAllowed")) {
      serveSlowFeature();
      boolean local = limit.equals("budgetMs");
      Answer cut = local ? search("budgetMs=200") : search("", "timeAllowed", "200");
      assertNotEquals("", details(cut));
      int docs = stage(cut).path("docs").asInt();
      assertTrue("reranked " + docs, docs > 0 && docs < DOCS);
      assertEquals(ordered(docs), cut.ids());

      Answer whole = search("");
      assertEquals("", details(whole));
      assertEquals(ordered(DOCS), whole.ids());

      Answer cached = search("budgetMs=200");
      assertEquals("", details(cached));
      assertEquals("queryResultCache", cached.json().path("cascade").path("servedFrom").asText());
      assertEquals(ordered(DOCS), cached.ids());
    }
  }

  @Test
  public void aStageThatCannotFitIsSkipped() throws Exception {
    assertEquals("", details(search("cache=false")));

    Answer skipped = search("budgetMs=5 cache=false");

    assertEquals(
        "skipped: too little of the budget is left for it",
        stage(skipped).path("outcome").asText());
    assertEquals(0, stage(skipped).path("docs").asInt());
    assertEquals(ordered(0), skipped.ids());
    assertNotEquals("", details(skipped));
  }

  @Test
  public void aStageThatCannotFitIntoTimeAllowedIsSkipped() throws Exception {
    assertEquals("", details(search("cache=false")));

    // On a busy machine the first pass alone may take too long: then it finds less, or nothing.
    for (int i = 0; i < 100; i++) {
      Answer skipped = search("cache=false", "timeAllowed", "5");
      assertNotEquals("", details(skipped));
      String outcome = stage(skipped).path("outcome").asText();
      assertTrue(outcome, outcome.isEmpty() || outcome.startsWith("skipped: "));
      if (!outcome.isEmpty() && skipped.ids().size() == DOCS) {
        assertEquals(ordered(0), skipped.ids());
        return;
      }
    }
    fail("no first pass was in time");
  }

  @Test
  public void aSkippedStageIsTriedAgainBeforeLong() throws Exception {
    assertEquals("", details(search("cache=false")));
    for (int i = 0; i < 100; i++) {
      if (stage(search("budgetMs=5 cache=false")).path("outcome").asText().contains("was spent")) {
        return;
      }
    }
    fail("was never tried again");
  }

  @Test
  public void anAmpleBudgetChangesNothing() throws Exception {
    Answer answer = search("budgetMs=60000");
    assertEquals("", details(answer));
    assertEquals(ordered(DOCS), answer.ids());
  }

  @Test
  public void aBudgetMustBeANumberFromOne() throws Exception {
    for (String budget : List.of("0", "-1", "fast", "1.5", "99999999999")) {
      Answer refused =
          solr.get("/select", "q", "*:*", "rq", "{!cascade name=popular budgetMs=" + budget + "}");
      assertEquals(400, refused.status());
      assertEquals("budgetMs: " + budget + ", must be a whole number ≥ 1", refused.error());
    }
  }
}
