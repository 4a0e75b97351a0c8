package io.github.solrcascade.cloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.solr.client.solrj.impl.BaseHttpSolrClient.RemoteSolrException;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.util.NamedList;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * What {@code cascade.whyNot=ID} tells over shards: what it tells of the same index on one core.
 */
public class CloudWhyNotTest extends CloudTest {
  private static final List<String> CASCADES = List.of("mixed", "shard", "global", "adaptive");

  @BeforeClass
  public static void startCluster() throws Exception {
    startNodes(2);
    create("one", 1, 1);
    create("three", 3, 1);
    for (String collection : List.of("one", "three")) {
      index(collection, products(90, new Random(7)));
    }
  }

  private static QueryResponse ask(String collection, String cascade, String... more)
      throws Exception {
    List<String> params =
        new ArrayList<>(List.of("q", "red shoe", "rq", "{!cascade name=" + cascade + "}"));
    params.addAll(List.of(more));
    return search(collection, params.toArray(new String[0]));
  }

  private static NamedList<?> whyNot(QueryResponse answer) {
    return (NamedList<?>) answer.getResponse().get("cascade.whyNot");
  }

  private static String verdict(String collection, String id, String... more) throws Exception {
    List<String> params = new ArrayList<>(List.of("cascade.whyNot", id));
    params.addAll(List.of(more));
    QueryResponse answer = ask(collection, "mixed", params.toArray(new String[0]));
    return (String) whyNot(answer).get("verdict");
  }

  /** The numbers nearly, all else exactly. */
  private static void assertAlike(String where, Object one, Object three) {
    if (one instanceof NamedList<?> list) {
      NamedList<?> other = (NamedList<?>) three;
      assertEquals(where, list.size(), other.size());
      for (int i = 0; i < list.size(); i++) {
        assertEquals(where, list.getName(i), other.getName(i));
        assertAlike(where + " " + list.getName(i), list.getVal(i), other.getVal(i));
      }
    } else if (one instanceof List<?> list) {
      assertEquals(where, list.size(), ((List<?>) three).size());
      for (int i = 0; i < list.size(); i++) {
        assertAlike(where + " " + i, list.get(i), ((List<?>) three).get(i));
      }
    } else if (one instanceof Float number) {
      assertEquals(where, number, (Float) three, 1e-5);
    } else if (one instanceof String text) {
      assertEquals(where, withoutScores(text), withoutScores((String) three));
    } else {
      assertEquals(where, one, three);
    }
  }

  private static String withoutScores(String verdict) {
    return verdict.replaceAll("-?\\d+\\.\\d+(E-?\\d+)?", "#");
  }

  @Test
  public void candidatesAreExplainedAsOnOneCore() throws Exception {
    for (String cascade : CASCADES) {
      List<String> ids = ids(ask("one", cascade, "rows", "100", "sort", "score desc, id asc"));
      for (int place : new int[] {0, 4, 9, 15, 19}) {
        String[] more = {
          "rows", "3", "start", "1", "sort", "score desc, id asc", "cascade.whyNot", ids.get(place)
        };
        NamedList<?> one = whyNot(ask("one", cascade, more));
        NamedList<?> three = whyNot(ask("three", cascade, more));
        String where = cascade + " " + one;
        assertNotNull(where, one.get("stages"));
        assertTrue(where, ((NamedList<?>) one.get("features")).size() > 0);
        assertAlike(where, one, three);
      }
    }
  }

  @Test
  public void thePageIsAsWithoutIt() throws Exception {
    QueryResponse plain = ask("three", "mixed", "rows", "5", "fl", "id,title,score");
    QueryResponse asked =
        ask("three", "mixed", "rows", "5", "fl", "id,title,score", "cascade.whyNot", "p0003");
    assertEquals(plain.getResults().toString(), asked.getResults().toString());
    assertNotNull(whyNot(asked));
    assertNull(whyNot(plain));
  }

  @Test
  public void aDocumentBehindTheDepthHasItsRankOnItsShard() throws Exception {
    List<String> firstPass = ids(search("three", "q", "red shoe", "rows", "100"));
    String last = firstPass.get(firstPass.size() - 1);
    String verdict = verdict("three", last);
    String expected =
        "the first pass ranks it \\d+ on its shard, with the score .*: behind .*depth";
    assertTrue(verdict, verdict.matches(expected));
    assertTrue(verdict, verdict("one", last).startsWith("the first pass ranks it "));
    String score = verdict("one", last).replaceAll(".*score (.*):.*", "$1");
    assertEquals(
        "with the statistics of all shards",
        Float.parseFloat(score),
        Float.parseFloat(verdict.replaceAll(".*score (.*):.*", "$1")),
        1e-5);
  }

  @Test
  public void documentsThatAreNotFoundSaySo() throws Exception {
    List<String> found = ids(search("three", "q", "red shoe", "rows", "100"));
    String other =
        ids(search("three", "q", "*:*", "rows", "100")).stream()
            .filter(id -> !found.contains(id))
            .findFirst()
            .orElseThrow();
    assertTrue(verdict("three", other).contains("the query does not match it"));
    String filter = "-id:" + found.get(0);
    assertEquals(
        "the request's filters leave it out", verdict("three", found.get(0), "fq", filter));
    for (String collection : List.of("one", "three")) {
      assertEquals(
          "the first pass finds it, and no stage ran, for rows is 0",
          verdict(collection, found.get(0), "rows", "0"));
    }
    assertTrue(
        verdict("three", other, "fq", "id:nothing").contains("the request's filters leave it out"));
  }

  @Test
  public void anUnknownIdIsRefused() {
    RemoteSolrException refused =
        assertThrows(RemoteSolrException.class, () -> verdict("three", "nowhere"));
    assertEquals(400, refused.code());
    assertTrue(
        refused.getMessage(),
        refused
            .getMessage()
            .contains("cascade.whyNot: nowhere, must be the id of a document in the index"));
  }
}
