package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** A stage with a margin reranks only what may yet come onto the first page. */
public class AdaptiveTest extends SolrTest {

  private static Answer search(String localParams, String rows) throws Exception {
    String rq = "{!cascade name=adaptive cache=false " + localParams + "}";
    return solr.search("q", "*:*", "rq", rq, "rows", rows, "fl", "id,score");
  }

  private static int reranked(Answer answer) {
    return answer.json().path("cascade").path("stages").path(1).path("docs").asInt();
  }

  @Test
  public void documentsFarBelowTheFirstPageAreNotLookedAt() throws Exception {
    List<Float> scores = new ArrayList<>();
    for (JsonNode doc : search("stages=1", "40").docs()) {
      scores.add(doc.path("score").floatValue());
    }
    long near = scores.stream().limit(30).filter(s -> s >= scores.get(9) - 20).count();
    assertTrue("near " + near, near >= 10 && near < 30);

    for (String rows : List.of("1", "10", "40")) {
      Answer answer = search("", rows);
      assertEquals("the page's length changes nothing", near, reranked(answer));
      assertFalse(answer.json().path("responseHeader").path("partialResults").asBoolean());
    }
    List<String> before = search("stages=1", "40").ids();
    List<String> after = search("", "40").ids();
    assertEquals(before.subList((int) near, 40), after.subList((int) near, 40));
  }

  @Test
  public void itCanBeSwitchedOffForARequest() throws Exception {
    assertEquals(30, reranked(search("adaptive=false", "10")));
    Answer refused = solr.get("/select", "q", "*:*", "rq", "{!cascade name=adaptive adaptive=no}");
    assertEquals(400, refused.status());
    assertEquals("adaptive: no, must be true, false or a margin ≥ 0", refused.error());
    refused = solr.get("/select", "q", "*:*", "rq", "{!cascade name=adaptive adaptive=-1}");
    assertEquals("adaptive: -1, must be true, false or a margin ≥ 0", refused.error());
  }

  @Test
  public void aRequestMayTryAnotherMargin() throws Exception {
    int before = 10;
    for (String margin : List.of("0", "10", "20", "40", "1e6")) {
      int reranked = reranked(search("adaptive=" + margin, "10"));
      assertTrue(margin + ": " + reranked, reranked >= before);
      before = reranked;
    }
    assertEquals(30, before);
    assertEquals(reranked(search("", "10")), reranked(search("adaptive=20", "10")));
  }
}
