package io.github.solrcascade;

import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** A client's mistake is a 400 that names the parameter, its value and the rule. */
public class RefusedRequestsTest extends SolrTest {

  private static void assertRefused(String message, String... params) throws Exception {
    assertRefusedAt("/select", message, params);
  }

  private static void assertRefusedAt(String path, String message, String... params)
      throws Exception {
    Answer answer = solr.get(path, params);
    assertEquals(answer.json().toString(), 400, answer.status());
    assertTrue(answer.error(), answer.error().contains(message));
  }

  @Test
  public void unknownCascade() throws Exception {
    assertRefused(
        "name: shoes, must be one of [products, popular, adaptive, strict, trees]",
        "q",
        "red",
        "rq",
        "{!cascade name=shoes}");
  }

  @Test
  public void missingNameWhereThereAreSeveral() throws Exception {
    assertRefused("name: missing, must be one of", "q", "red", "rq", "{!cascade}");
  }

  @Test
  public void badNumbers() throws Exception {
    assertRefused(
        "reRankDocs: many, must be a whole number ≥ 1",
        "q",
        "red",
        "rq",
        "{!cascade name=products reRankDocs=many}");
    assertRefused(
        "reRankDocs: 0, must be a whole number ≥ 1",
        "q",
        "red",
        "rq",
        "{!cascade name=products reRankDocs=0}");
    assertRefused(
        "stages: 4, must be a whole number from 1 to 3",
        "q",
        "red",
        "rq",
        "{!cascade name=products stages=4}");
    assertRefused(
        "stages: 99999999999, must be a whole number from 1 to 3",
        "q",
        "red",
        "rq",
        "{!cascade name=products stages=99999999999}");
  }

  @Test
  public void missingReference() throws Exception {
    assertRefused("name: missing, must be one of", "q", "red", "rq", "{!cascade name=$which}");
    assertRefused(
        "efi.text: missing, feature 'titleBm25' needs it",
        "q",
        "{!bool must=$a}",
        "a",
        "title:red",
        "rq",
        "{!cascade name=products efi.text=$words}");
  }

  @Test
  public void unknownParameter() throws Exception {
    assertRefused(
        "rerankDocs: 5, must be one of", "q", "red", "rq", "{!cascade name=products rerankDocs=5}");
  }

  @Test
  public void whatSolrWouldAnswerWrongly() throws Exception {
    String rq = "{!cascade name=products}";
    assertRefused("group: true, ", "q", "red", "rq", rq, "group", "true", "group.field", "brand");
    assertRefused("cursorMark: *, ", "q", "red", "rq", rq, "cursorMark", "*", "sort", "id asc");
    assertRefused("multiThreaded: true, ", "q", "red", "rq", rq, "multiThreaded", "true");
    assertRefused("shards.start: 3, ", "q", "red", "rq", rq, "shards.start", "3");
  }

  @Test
  public void whatNoCoordinatorWouldAskAShard() throws Exception {
    assertShardRefused(
        "cascade.firstPass: 1 numbers, must be one for each of ids",
        "cascade.stage",
        "lexical",
        "cascade.firstPass",
        "1.5");
    assertShardRefused("cascade.firstPass: ", "cascade.stage", "deep", "cascade.firstPass", "1,x");
    assertShardRefused(
        "cascade.told: 1 values, must be one for each of ids",
        "cascade.told",
        "1,1,0,0,0,0",
        "cascade.toldDocs",
        "9,9,9");
    assertShardRefused(
        "cascade.told: 1,1,0, must be two numbers and a rank for each stage",
        "cascade.told",
        "1,1,0",
        "cascade.told",
        "-",
        "cascade.toldDocs",
        "9,9,9");
    assertShardRefused(
        "cascade.toldDocs: many, must be whole numbers separated by commas",
        "cascade.told",
        "-",
        "cascade.told",
        "-",
        "cascade.toldDocs",
        "many");
  }

  private static void assertShardRefused(String message, String... params) throws Exception {
    List<String> all = new ArrayList<>(List.of(params));
    all.addAll(List.of("q", "red", "rq", "{!cascade name=products}", "isShard", "true"));
    all.addAll(List.of("ids", "1,2"));
    assertRefused(message, all.toArray(new String[0]));
  }

  @Test
  public void elsewhereThanInRq() throws Exception {
    assertRefused("give it as rq", "q", "{!cascade name=products}");
    assertRefused("give it as rq", "q", "red", "fq", "{!cascade name=products}");
    assertRefused("name: missing, must be one of", "q", "red", "defType", "cascade");
  }

  @Test
  public void handlerWithoutTheComponent() throws Exception {
    assertRefusedAt("/bare", "in last-components", "q", "red", "rq", "{!cascade name=products}");
  }

  @Test
  public void noTextToScore() throws Exception {
    String vector = "[1,0,0,0,0,0,0,0]";
    assertRefused(
        "efi.text: missing, feature 'titleBm25' needs it",
        "q",
        "{!knn f=vector topK=3}" + vector,
        "rq",
        "{!cascade name=products}");
    assertRefused(
        "efi.text: missing, feature 'titleBm25' needs it",
        "q",
        "{!bool must=$a}",
        "a",
        "title:red",
        "rq",
        "{!cascade name=products}");
    Answer answer =
        solr.search(
            "q", "{!knn f=vector topK=3}" + vector, "rq", "{!cascade name=products efi.text=red}");
    assertEquals(3, answer.ids().size());
  }

  @Test
  public void knnTextWithoutAnEncoder() throws Exception {
    assertRefused(
        "encoder: missing, must be one of the encoders [bi, cross, late]",
        "q",
        "{!knn_text f=vector}red");
    assertRefused(
        "encoder: cross, must be a bi-encoder", "q", "{!knn_text f=vector encoder=cross}red");
  }

  @Test
  public void knnTextWithAnImpossibleNumber() throws Exception {
    assertRefused(
        "{!knn_text}: k must be at least 1", "q", "{!knn_text f=vector encoder=bi topK=0}red");
  }

  @Test
  public void atomicUpdateOfASource() throws Exception {
    Answer answer = solr.update("[{\"id\":\"1\",\"title\":{\"set\":\"blue\"}}]");
    assertEquals(400, answer.status());
    assertTrue(answer.error(), answer.error().contains("title: {set=blue}, an atomic update"));
    assertEquals(200, solr.update("[{\"id\":\"1\",\"price\":{\"set\":5}}]").status());
  }
}
