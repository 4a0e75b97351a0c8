package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** The laws of the cascade, over random indexes and random requests. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class InvariantsTest extends SolrTestCase {
  private static final int REQUESTS = 15;
  private static final int DEPTH = 12;
  private static final String NOW = "1420070400000";
  private static final List<String> STAGES = List.of("deep", "semantic", "lexical", "first pass");
  private static final String[] QUERIES = {
    "title:red",
    "*:*",
    "red shoe",
    "{!edismax qf='title text' mm=1}shoe cable light boot",
    "{!knn_text f=vector encoder=bi topK=17}red shoe",
    "title:red^0",
    "{!edismax qf=title}nowhere",
    "{!func}product(popularity,-1)",
    "popularity:[20 TO 80]"
  };
  private static final String[] FILTERS = {
    "*:*", "brand:red", "date:*", "-popularity:*", "title:nowhere", "price:[10 TO 30]"
  };
  private static final String[] SORTS = {"score desc", "price asc, id asc", "popularity desc"};

  private static TestSolr solr;

  @BeforeClass
  public static void startSolr() throws Exception {
    solr = TestSolr.start(createTempDir(), Map.of("cascade.depth", String.valueOf(DEPTH)));
    assertEquals("", solr.loadError());
  }

  @AfterClass
  public static void stopSolr() {
    if (solr != null) {
      solr.close();
      solr = null;
    }
  }

  /** Many segments, and deletes in some of them. */
  @Before
  public void indexAnew() throws Exception {
    RandomProducts.index(solr, 1 + random().nextInt(60), random().nextInt(30), random());
  }

  private static String anyOf(String... choices) {
    return choices[random().nextInt(choices.length)];
  }

  /** A random search, its page apart; without the cascade it is the first pass. */
  private record Search(String q, String fq, String sort, String localParams, int depth) {
    static Search random(String sort) {
      int stages = 1 + SolrTestCase.random().nextInt(3);
      int depth = 1 + SolrTestCase.random().nextInt(2 * DEPTH);
      String limits = " efi.text='red boot' stages=" + stages + " reRankDocs=" + depth;
      return new Search(anyOf(QUERIES), anyOf(FILTERS), sort, limits, Math.min(DEPTH, depth));
    }

    Answer firstPass() throws Exception {
      return ask(0, 1000);
    }

    Answer cascade(int start, int rows, String... more) throws Exception {
      List<String> params = new ArrayList<>(List.of(more));
      params.addAll(List.of("rq", "{!cascade name=products" + localParams + "}"));
      return ask(start, rows, params.toArray(new String[0]));
    }

    private Answer ask(int start, int rows, String... more) throws Exception {
      List<String> params = new ArrayList<>(List.of(more));
      params.addAll(List.of("q", q, "fq", fq, "sort", sort, "NOW", NOW));
      params.addAll(List.of("start", "" + start, "rows", "" + rows, "fl", "id,score,[docid]"));
      return solr.search(params.toArray(new String[0]));
    }
  }

  private static String stage(JsonNode doc) {
    return doc.path("[cascade]").path("stage").asText();
  }

  @Test
  public void resultIsThePermutationOfTheFirstPass() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      Search search = Search.random(anyOf(SORTS));
      List<String> before = search.firstPass().ids();
      List<String> after = search.cascade(0, 1000).ids();
      int depth = Math.min(search.depth(), before.size());
      assertEquals(
          search.toString(),
          new HashSet<>(before.subList(0, depth)),
          new HashSet<>(after.subList(0, depth)));
      assertEquals(
          search.toString(),
          before.subList(depth, before.size()),
          after.subList(depth, after.size()));
    }
  }

  @Test
  public void explanationEqualsScore() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      Search search = Search.random(anyOf(SORTS));
      Answer answer = search.cascade(0, 1000, "debugQuery", "true");
      JsonNode explanations = answer.json().path("debug").path("explain");
      for (JsonNode doc : answer.docs()) {
        JsonNode explanation = explanations.path(doc.path("id").asText());
        assertEquals(
            search + explanation.asText(),
            doc.path("score").floatValue(),
            (float) Explanations.valueOf(explanation),
            0);
      }
    }
  }

  @Test
  public void laterStagesStandAboveEarlierOnesAndEachByScoreThenDocId() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      Search search = Search.random("score desc");
      JsonNode docs = search.cascade(0, 1000, "fl", "[cascade]").docs();
      for (int place = 1; place < docs.size(); place++) {
        assertTrue(search + docs.toPrettyString(), inOrder(docs.get(place - 1), docs.get(place)));
      }
    }
  }

  private static boolean inOrder(JsonNode above, JsonNode below) {
    int stages = STAGES.indexOf(stage(above)) - STAGES.indexOf(stage(below));
    float scores = below.path("score").floatValue() - above.path("score").floatValue();
    int docs = above.path("[docid]").asInt() - below.path("[docid]").asInt();
    return stages < 0 || (stages == 0 && (scores < 0 || (scores == 0 && docs < 0)));
  }

  @Test
  public void pagesNeitherLoseNorRepeatDocuments() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      Search search = Search.random(anyOf(SORTS));
      JsonNode whole = search.cascade(0, 1000).docs();
      List<JsonNode> paged = new ArrayList<>();
      while (paged.size() < whole.size()) {
        int rows = 1 + random().nextInt(20);
        search.cascade(paged.size(), rows).docs().forEach(paged::add);
      }
      List<JsonNode> expected = new ArrayList<>();
      whole.forEach(expected::add);
      assertEquals(search.toString(), expected, paged);
    }
  }

  @Test
  public void oneSegmentRanksAsManyDo() throws Exception {
    // Deleted documents would count in the first pass's statistics until they are merged away.
    RandomProducts.index(solr, 60, 0, random());
    List<Search> searches = new ArrayList<>();
    List<JsonNode> before = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      searches.add(Search.random(anyOf(SORTS)));
      before.add(searches.get(i).cascade(0, 1000).docs());
    }
    assertEquals(200, solr.update("{\"optimize\":{\"maxSegments\":1}}").status());
    for (int i = 0; i < REQUESTS; i++) {
      Search search = searches.get(i);
      assertEquals(search.toString(), before.get(i), search.cascade(0, 1000).docs());
    }
  }

  @Test
  public void emptyIndexHasNothingToRank() throws Exception {
    RandomProducts.clear(solr);
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(0, Search.random(anyOf(SORTS)).cascade(0, 10).docs().size());
    }
  }
}
