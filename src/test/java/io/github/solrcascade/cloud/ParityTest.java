package io.github.solrcascade.cloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.solr.client.solrj.request.UpdateRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.util.NamedList;
import org.junit.BeforeClass;
import org.junit.Test;

/** Several shards rank as one core does: ids, order, scores, over random indexes and searches. */
public class ParityTest extends CloudTest {
  private static final String ONE = "one";
  private static final List<String> SHARDED = List.of("two", "three", "five");
  private static final int REQUESTS = 40;
  private static final String[] QUERIES = {
    "title:red",
    "red shoe",
    "{!edismax qf='title text' mm=1}shoe cable light boot",
    "{!edismax qf='title^2 text' tie=0.3 mm=1}running laptop printer",
    "{!edismax qf=title}nowhere",
    "{!func}product(popularity,2)",
    "*:*"
  };
  private static final String[] FILTERS = {
    "*:*", "brand:red", "date:*", "-popularity:*", "title:nowhere", "price:[10 TO 30]"
  };
  private static final String[] CASCADES = {"mixed", "shard", "global", "adaptive"};

  @BeforeClass
  public static void startCluster() throws Exception {
    startNodes(2);
    create(ONE, 1, 1);
    create("two", 2, 2);
    create("three", 3, 1);
    create("five", 5, 1);
    List<SolrInputDocument> products = products(90, random());
    for (String collection : all()) {
      index(collection, products.subList(0, 50));
      index(collection, products.subList(50, 90));
    }
    deleteSome();
  }

  private static List<String> all() {
    List<String> all = new ArrayList<>(SHARDED);
    all.add(ONE);
    return all;
  }

  /**
   * Leaves deleted documents in the index, where they count in statistics until they are merged
   * away.
   */
  private static void deleteSome() throws Exception {
    List<String> deleted = new ArrayList<>(List.of("p0000"));
    for (SolrInputDocument product : products(90, random())) {
      if (random().nextInt(10) == 0) {
        deleted.add((String) product.getFieldValue("id"));
      }
    }
    for (String collection : all()) {
      send(new UpdateRequest().deleteById(deleted), collection);
      index(collection, List.of());
    }
  }

  private static String anyOf(String... choices) {
    return choices[random().nextInt(choices.length)];
  }

  /** A random search that leaves no order to chance: equal first-pass scores are sorted by id. */
  private static List<String> anySearch() {
    String limits =
        random().nextBoolean()
            ? ""
            : " stages=" + (1 + random().nextInt(3)) + " reRankDocs=" + (1 + random().nextInt(40));
    return new ArrayList<>(
        List.of(
            "q", anyOf(QUERIES),
            "fq", anyOf(FILTERS),
            "sort", anyOf("score desc, id asc", "score desc, id asc", "price asc, id asc"),
            "rq", "{!cascade name=" + anyOf(CASCADES) + " efi.text='red boot'" + limits + "}"));
  }

  private static QueryResponse search(String collection, List<String> params, String... more)
      throws Exception {
    List<String> all = new ArrayList<>(params);
    all.addAll(List.of(more));
    return search(collection, all.toArray(new String[0]));
  }

  private static void assertSame(String search, QueryResponse expected, QueryResponse actual) {
    assertEquals(search, ids(expected), ids(actual));
    Map<String, Float> scores = scores(actual);
    scores(expected)
        .forEach((id, score) -> assertEquals(search + " " + id, score, scores.get(id), 1e-5));
    assertEquals(search, expected.getResults().getNumFound(), actual.getResults().getNumFound());
  }

  @Test
  public void pagesAreThoseOfOneCoreWithDeletedDocuments() throws Exception {
    deleteSome();
    assertPagesAreThoseOfOneCore();
  }

  @Test
  public void pagesAreThoseOfOneCoreOnceTheyAreMergedAway() throws Exception {
    for (String collection : all()) {
      cluster.getSolrClient().optimize(collection);
    }
    assertPagesAreThoseOfOneCore();
  }

  private static void assertPagesAreThoseOfOneCore() throws Exception {
    for (int i = 0; i < REQUESTS / 2; i++) {
      List<String> search = anySearch();
      String[] page = {
        "start",
        anyOf("0", "0", "3", "7", "20", "60", "100"),
        "rows",
        anyOf("1", "5", "10", "200"),
        "fl",
        anyOf("id,score", "id,title,score", "*,score")
      };
      QueryResponse expected = search(ONE, search, page);
      for (String collection : SHARDED) {
        String told = collection + search + List.of(page);
        QueryResponse actual = search(collection, search, page);
        assertSame(told, expected, actual);
        assertNull(told + actual.getHeader(), actual.getHeader().get("partialResults"));
        assertEquals(told, expected.getResults().getStart(), actual.getResults().getStart());
      }
    }
  }

  @Test
  public void explanationsAndFeatureLogsAreThoseOfOneCore() throws Exception {
    for (int i = 0; i < REQUESTS / 4; i++) {
      List<String> search = anySearch();
      String[] more = {"rows", "30", "fl", "id,score,[cascade]", "debugQuery", "true"};
      QueryResponse expected = search(ONE, search, more);
      for (String collection : SHARDED) {
        QueryResponse actual = search(collection, search, more);
        assertSame(collection + search, expected, actual);
        assertEquals(collection + search, logs(expected), logs(actual));
        for (SolrDocument doc : actual.getResults()) {
          String explanation =
              actual.getExplainMap().get((String) doc.getFieldValue("id")).toString();
          String value = explanation.strip().substring(0, explanation.strip().indexOf(' '));
          float explained = Float.parseFloat(value);
          assertEquals(search + explanation, (Float) doc.getFieldValue("score"), explained, 1e-5);
        }
      }
    }
  }

  private static List<String> logs(QueryResponse response) {
    return response.getResults().stream()
        .map(doc -> Objects.toString(doc.getFieldValue("[cascade]")))
        .toList();
  }

  @Test
  public void stagesTellOfTheirShards() throws Exception {
    QueryResponse response =
        search("three", List.of("q", "red shoe", "rq", "{!cascade name=mixed}"));

    assertEquals(List.of("completed", "completed", "completed"), outcomes(response));
    assertEquals(5, stages(response).get(2).get("docs"));
    assertEquals("global", stages(response).get(2).get("scope"));
    int docs = 0;
    for (Object share : (List<?>) stages(response).get(2).get("shards")) {
      docs += (Integer) ((NamedList<?>) share).get("docs");
    }
    assertEquals(5, docs);
  }
}
