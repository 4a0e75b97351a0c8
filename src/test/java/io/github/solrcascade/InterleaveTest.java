package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Two cascades on one page. */
public class InterleaveTest extends SolrTest {
  private static final String A = "{!cascade name=popular}";
  private static final String B = "{!cascade name=products}";

  private static Answer interleaved(String... more) throws Exception {
    // Of a parameter given twice the first counts.
    List<String> params = new ArrayList<>(List.of(more));
    params.addAll(List.of("q", "red shoe", "fl", "title"));
    params.addAll(List.of("interleave.a", A, "interleave.b", B));
    return solr.get("/interleave", params.toArray(new String[0]));
  }

  private static List<String> ranked(String rq) throws Exception {
    return solr.search("q", "red shoe", "rows", "40", "rq", rq).ids();
  }

  @Test
  public void eachTeamsDocumentsComeInItsOrder() throws Exception {
    Answer answer = interleaved("rows", "12");
    assertEquals(answer.json().toString(), 200, answer.status());
    JsonNode teams = answer.json().path("interleave").path("teams");
    List<String> a = ranked(A);
    List<String> b = ranked(B);
    int lastOfA = -1;
    int lastOfB = -1;
    int ofA = 0;
    for (String id : answer.ids()) {
      if (teams.path(id).asText().equals("a")) {
        assertTrue(a.indexOf(id) > lastOfA);
        lastOfA = a.indexOf(id);
        ofA++;
      } else {
        assertTrue(b.indexOf(id) > lastOfB);
        lastOfB = b.indexOf(id);
      }
    }
    assertEquals(6, ofA);
    assertEquals(12, teams.size());
    assertTrue(answer.docs().get(0).has("title"));
    assertFalse(answer.json().path("interleave").has("degraded"));
  }

  @Test
  public void pagesOfASeedFitTogether() throws Exception {
    for (String seed : List.of("anna", "bert", "carl")) {
      List<String> whole = interleaved("rows", "10", "interleave.seed", seed).ids();
      List<String> second = interleaved("rows", "5", "start", "5", "interleave.seed", seed).ids();
      assertEquals(whole.subList(5, 10), second);
      assertEquals(whole, interleaved("rows", "10", "interleave.seed", seed).ids());
    }
  }

  @Test
  public void numberFoundAndFacetsAreTheSearchs() throws Exception {
    Answer plain = solr.search("q", "red shoe", "rows", "0");
    Answer answer = interleaved("facet", "true", "facet.query", "title:red");
    assertEquals(
        plain.json().path("response").path("numFound"),
        answer.json().path("response").path("numFound"));
    assertTrue(
        answer.json().path("facet_counts").path("facet_queries").path("title:red").asInt() > 0);
  }

  @Test
  public void teamThatWasCutShortIsNamed() throws Exception {
    String feature =
        """
        [{"name": "slow", "class": "io.github.solrcascade.feature.SlowFeature",
          "params": {"millis": 50}}]""";
    String model =
        """
        {"name": "slow", "class": "org.apache.solr.ltr.model.LinearModel",
         "features": [{"name": "slow"}], "params": {"weights": {"slow": 1}}}""";
    assertEquals(200, solr.put("/schema/feature-store", feature).status());
    assertEquals(200, solr.put("/schema/model-store", model).status());
    Answer answer = interleaved("interleave.b", "{!cascade models=slow:20 budgetMs=60}");
    assertEquals("[\"b\"]", answer.json().path("interleave").path("degraded").toString());
  }

  @Test
  public void mistakesAreRefused() throws Exception {
    Answer missing = solr.get("/interleave", "q", "red", "interleave.a", A);
    assertEquals(400, missing.status());
    assertTrue(
        missing.error(), missing.error().contains("interleave.b: missing, must be a rank query"));
    Answer unknown = interleaved("interleave.b", "{!cascade name=nowhere}");
    assertEquals(400, unknown.status());
    assertTrue(unknown.error(), unknown.error().contains("name: nowhere, must be one of"));
    Answer handler = interleaved("interleave.handler", "/nowhere");
    assertEquals(400, handler.status());
    assertTrue(
        handler.error(), handler.error().contains("handler: /nowhere, must be a request handler"));
  }
}
