package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What {@code cascade.whyNot=ID} tells of a document. */
public class WhyNotTest extends SolrTest {

  private static Answer ask(String id, String... more) throws Exception {
    List<String> params = new ArrayList<>(List.of("q", "red shoe", "cascade.whyNot", id));
    params.addAll(List.of("rq", "{!cascade name=products}", "fl", "id,score,[cascade]"));
    params.addAll(List.of(more));
    return solr.get("/select", params.toArray(new String[0]));
  }

  private static JsonNode whyNot(Answer answer) {
    assertEquals(answer.json().toString(), 200, answer.status());
    return answer.json().path("cascade.whyNot");
  }

  /** All of the cascade's documents, best first. */
  private static Answer all() throws Exception {
    return solr.search(
        "q",
        "red shoe",
        "rows",
        "100",
        "rq",
        "{!cascade name=products}",
        "fl",
        "id,score,[cascade]");
  }

  @Test
  public void documentOnThePageIsThere() throws Exception {
    String id = all().ids().get(1);
    assertEquals("it is among the first 2", verdict(ask(id, "rows", "2")));
  }

  @Test
  public void pageBehindAStagesDepthIsReachedWithAnyScore() throws Exception {
    String id = all().ids().get(1);
    JsonNode stages = whyNot(ask(id, "rows", "10")).path("stages");
    assertTrue(stages.get(1).has("margin"));
    assertEquals(10, stages.get(2).path("wentOn").asInt());
    assertTrue(stages.get(2).has("score"));
    assertFalse("5 were reranked", stages.get(2).has("margin"));
  }

  private static String verdict(Answer answer) {
    return whyNot(answer).path("verdict").asText();
  }

  @Test
  public void lastStageSaysWhatWouldHaveBeenEnough() throws Exception {
    Answer all = all();
    JsonNode answer = whyNot(ask(all.ids().get(4), "rows", "2"));
    assertTrue(answer.toString(), answer.path("verdict").asText().contains("after stage 'deep'"));
    JsonNode deep = answer.path("stages").get(2);
    assertEquals(5, deep.path("rank").asInt());
    assertEquals(2, deep.path("wentOn").asInt());
    assertEquals(all.docs().get(4).path("score"), deep.path("score"));
    assertEquals(all.docs().get(1).path("score"), deep.path("scoreOfTheLast"));
    assertEquals(all.docs().get(4).path("[cascade]").path("features"), answer.path("features"));
    assertEquals(
        all.docs().get(1).path("[cascade]").path("features"), answer.path("featuresOfTheLast"));
  }

  @Test
  public void stageThatLeftItBehindIsNamed() throws Exception {
    Answer all = all();
    JsonNode answer = whyNot(ask(all.ids().get(10), "rows", "5"));
    assertTrue(
        answer.toString(), answer.path("verdict").asText().contains("after stage 'lexical'"));
    assertEquals(1, answer.path("stages").size());
    assertEquals(8, answer.path("stages").get(0).path("wentOn").asInt());
    assertTrue(answer.path("stages").get(0).path("margin").asDouble() <= 0);
    JsonNode ranks = all.docs().get(10).path("[cascade]").path("ranks");
    assertEquals(ranks.path("first pass"), answer.path("firstPassRank"));
    assertEquals(ranks.path("lexical"), answer.path("stages").get(0).path("rank"));
  }

  @Test
  public void documentBehindTheDepthHasItsFirstPassRank() throws Exception {
    List<String> firstPass = solr.search("q", "red shoe", "rows", "100").ids();
    assertTrue(firstPass.size() > 15);
    for (int place : List.of(12, 14, firstPass.size() - 1)) {
      String verdict = verdict(ask(firstPass.get(place)));
      assertTrue(verdict, verdict.startsWith("the first pass ranks it " + (place + 1) + ","));
    }
  }

  @Test
  public void documentThatIsNotFoundOrFilteredOutSaysSo() throws Exception {
    List<String> found = solr.search("q", "red shoe", "rows", "100").ids();
    String other =
        solr.search("q", "*:*", "rows", "100").ids().stream()
            .filter(id -> !found.contains(id))
            .findFirst()
            .orElseThrow();
    assertTrue(verdict(ask(other)).contains("does not find it"));
    assertEquals(
        "the request's filters leave it out",
        verdict(ask(found.get(0), "fq", "-id:" + found.get(0))));
  }

  @Test
  public void cachedPageIsRunAgain() throws Exception {
    all();
    all();
    assertTrue(verdict(ask(all().ids().get(11), "rows", "1")).contains("fell behind"));
  }

  @Test
  public void unknownDocumentIsRefused() throws Exception {
    Answer answer = ask("nowhere");
    assertEquals(400, answer.status());
    assertTrue(answer.error(), answer.error().contains("cascade.whyNot: nowhere, must be the id"));
  }
}
