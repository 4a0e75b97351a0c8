package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.Locale;
import org.junit.Test;

/** Cascades that a request puts together of the store's models. */
public class RequestedCascadesTest extends SolrTest {

  private static Answer ask(String localParams) throws Exception {
    return solr.get(
        "/select",
        "q",
        "red shoe",
        "rows",
        "30",
        "fl",
        "id,score",
        "rq",
        "{!cascade " + localParams + "}");
  }

  @Test
  public void ranksAsTheConfiguredOne() throws Exception {
    JsonNode configured = ask("name=products").docs();
    assertEquals(configured, ask("models=lexical:12,semantic:8,deep:5").docs());
    assertEquals(
        ask("name=products stages=2").docs(), ask("models='lexical:12, semantic:8'").docs());
  }

  @Test
  public void depthsAreTheRequests() throws Exception {
    JsonNode stages = ask("models=popular:20,deep:3").json().path("cascade").path("stages");
    assertEquals("popular", stages.get(0).path("name").asText());
    assertEquals(20, stages.get(0).path("docs").asInt());
    assertEquals(3, stages.get(1).path("docs").asInt());
  }

  @Test
  public void followsTheStore() throws Exception {
    String model =
        """
        {"name": "passing", "class": "org.apache.solr.ltr.model.LinearModel", "features":
         [{"name": "popularity"}], "params": {"weights": {"popularity": %s}}}""";
    assertEquals(
        200, solr.put("/schema/model-store", String.format(Locale.ROOT, model, "1")).status());
    JsonNode popular = ask("models=passing:30").docs();
    assertEquals(200, solr.delete("/schema/model-store/passing").status());
    assertRefused(
        "cascade[request].stage[1].model: passing, must be in the model store", "passing:30");
    assertEquals(
        200, solr.put("/schema/model-store", String.format(Locale.ROOT, model, "-1")).status());
    assertNotEquals(popular, ask("models=passing:30").docs());
    assertEquals(200, solr.delete("/schema/model-store/passing").status());
  }

  private static void assertRefused(String message, String models) throws Exception {
    Answer answer = ask("models='" + models + "'");
    assertEquals(answer.json().toString(), 400, answer.status());
    assertTrue(answer.error(), answer.error().contains(message));
  }

  @Test
  public void mistakesAreRefused() throws Exception {
    assertRefused("must be model:reRankDocs, separated by commas", "lexical");
    assertRefused("must be model:reRankDocs, separated by commas", "lexical:5,");
    assertRefused("must be model:reRankDocs, separated by commas", "lexical:many");
    assertRefused("reRankDocs must be from 1 to 1000", "lexical:0");
    assertRefused("reRankDocs must be from 1 to 1000", "lexical:1001");
    assertRefused("must name each model once", "lexical:5,lexical:3");
    assertRefused("must have depths that never grow", "lexical:5,deep:6");
    assertRefused(
        "cascade[request].stage[2].model: none, must be in the model store", "lexical:5,none:3");
    Answer both = ask("name=products models=deep:3");
    assertTrue(
        both.error(), both.error().contains("models: deep:3, must not be given beside name"));
  }
}
