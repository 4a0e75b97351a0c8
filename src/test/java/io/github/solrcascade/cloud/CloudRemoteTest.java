package io.github.solrcascade.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.remote.RerankPeer;
import io.github.solrcascade.remote.RerankPeer.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.util.NamedList;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** A reranker behind HTTP, asked once for the documents of all shards. */
public class CloudRemoteTest extends CloudTest {
  private static final String[] TEXTS = {"red", "boot laptop", "running", "light cable"};

  /** Nothing is remembered, so that every search asks. */
  private static final String COMPONENT =
      """
      <int name="cacheMb">0</int>
      <lst name="reranker">
        <str name="name">hosted</str><str name="api">cohere</str><str name="url">PEER</str>
        <int name="maxCharacters">20</int><int name="maxDocuments">40</int>
      </lst>
      <lst name="cascade">
        <str name="name">hosted</str>
        <lst name="stage"><str name="model">lexical</str><int name="reRankDocs">24</int></lst>
        <lst name="stage"><str name="model">hosted</str><int name="reRankDocs">12</int><str name="scope">global</str></lst>
      </lst>
      <!-- The second stage asks for its values, not together with the first. The third has them. -->
      <lst name="cascade">
        <str name="name">late</str>
        <lst name="stage"><str name="model">popular</str><int name="reRankDocs">20</int><str name="scope">global</str></lst>
        <lst name="stage"><str name="model">hosted</str><int name="reRankDocs">20</int><str name="scope">global</str></lst>
        <lst name="stage"><str name="model">fused</str><int name="reRankDocs">8</int><str name="scope">global</str></lst>
      </lst>
      <lst name="cascade">
        <str name="name">scattered</str>
        <lst name="stage"><str name="model">hosted</str><int name="reRankDocs">60</int></lst>
      </lst>
      """;

  private static final String FEATURE =
      """
      {"name": "hosted", "class": "io.github.solrcascade.feature.RemoteRerankFeature",
       "params": {"reranker": "hosted", "fields": ["FIELD"], "defaultValue": -7}},
      """;

  private static final String MODELS =
      """
      {"name": "hosted", "class": "org.apache.solr.ltr.model.LinearModel", "store": "_DEFAULT_",
       "features": [{"name": "hosted"}], "params": {"weights": {"hosted": 1.0}}},
      {"name": "fused", "class": "org.apache.solr.ltr.model.LinearModel", "store": "_DEFAULT_",
       "features": [{"name": "hosted"}, {"name": "popularity"}],
       "params": {"weights": {"hosted": -0.5, "popularity": 1.0}}},
      """;

  private static RerankPeer peer;

  @BeforeClass
  public static void startCluster() throws Exception {
    peer = new RerankPeer(CloudRemoteTest::scores);
    startNodes(2);
    cluster.uploadConfigSet(withReranker("text"), "remote");
    cluster.uploadConfigSet(withReranker("title"), "other");
    create("one", "remote", 1, 1);
    create("three", "remote", 3, 1);
    create("titles", "other", 1, 1);
    List<SolrInputDocument> products = products(60, random());
    index("one", products);
    index("three", products);
  }

  private static Path withReranker(String field) throws Exception {
    Path conf = configset();
    insert(conf, "solrconfig.xml", "<str name=\"models\">", COMPONENT.replace("PEER", peer.url()));
    insert(
        conf,
        "_schema_feature-store.json",
        "{\"name\": \"firstPass\"",
        FEATURE.replace("FIELD", field));
    insert(conf, "_schema_model-store.json", "{\"name\": \"lexical\"", MODELS);
    return conf;
  }

  private static void insert(Path conf, String file, String before, String text) throws Exception {
    String content = Files.readString(conf.resolve(file));
    assertTrue(file, content.contains(before));
    Files.writeString(conf.resolve(file), content.replace(before, text + before));
  }

  @AfterClass
  public static void stopPeer() {
    peer.close();
    peer = null;
  }

  @Before
  public void answerWell() {
    peer.answer(CloudRemoteTest::scores);
  }

  /** Scores that depend on both texts and seldom repeat. */
  private static Reply scores(JsonNode request) {
    String query = request.path("query").asText();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < request.path("documents").size(); i++) {
      int score =
          Math.floorMod((query + request.path("documents").get(i).asText()).hashCode(), 997);
      results.add("{\"index\":" + i + ",\"relevance_score\":" + score + ".25}");
    }
    return Reply.ok("{\"results\":[" + String.join(",", results) + "]}");
  }

  private static QueryResponse page(String collection, String rq, String... more) throws Exception {
    List<String> params =
        new ArrayList<>(List.of("q", "red shoe", "rq", rq, "sort", "score desc, id asc"));
    params.addAll(List.of("rows", "30"));
    params.addAll(more.length == 0 ? List.of("fl", "id,score") : List.of(more));
    return search(collection, params.toArray(new String[0]));
  }

  /** What the peer was asked since there were so many requests. */
  private static List<JsonNode> since(int requests) {
    return peer.requests().subList(requests, peer.requests().size());
  }

  private static TreeSet<String> documents(JsonNode request) {
    TreeSet<String> texts = new TreeSet<>();
    request.path("documents").forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  public void allShardsTogetherAskOnce() throws Exception {
    int most = 0;
    for (String cascade : List.of("hosted", "late")) {
      for (String text : TEXTS) {
        String rq = "{!cascade name=" + cascade + " efi.text='" + text + "'}";
        QueryResponse expected = page("one", rq);
        int before = peer.requests().size();
        QueryResponse actual = page("three", rq);

        assertEquals(rq, 1, since(before).size());
        assertEquals(rq, notes(expected), notes(actual));
        JsonNode ofOneCore = peer.requests().get(before - 1);
        assertEquals(rq, documents(ofOneCore), documents(since(before).get(0)));
        assertEquals(rq, text, since(before).get(0).path("query").asText());
        assertEquals(rq, ids(expected), ids(actual));
        assertEquals(rq, scores(expected), scores(actual));
        assertEquals(rq, outcomes(expected), outcomes(actual));
        assertNull(actual.getHeader().get("partialResults"));
        most = Math.max(most, ((List<?>) stages(actual).get(1).get("shards")).size());
      }
    }
    // Which shards hold a stage's documents is chance.
    assertTrue("shards that hold documents of one stage: " + most, most > 1);
  }

  private static List<Object> notes(QueryResponse response) {
    return stages(response).stream().map(stage -> stage.get("notes")).collect(Collectors.toList());
  }

  @Test
  public void itIsSaidThatTextsWereCut() throws Exception {
    List<Object> notes = notes(page("three", "{!cascade name=late}"));
    assertNull(notes.get(0));
    String told = notes.get(1).toString();
    String expected = "\\[reranker 'hosted': \\d+ of \\d+ documents cut at 20 characters]";
    assertTrue(told, told.matches(expected));
    assertNull(notes.get(2));
    QueryResponse scattered = page("three", "{!cascade name=scattered}");
    NamedList<?> share = (NamedList<?>) ((List<?>) stages(scattered).get(0).get("shards")).get(0);
    assertTrue(share.toString(), share.get("notes").toString().matches(expected));
  }

  @Test
  public void documentsWithoutTextHaveTheDefaultAndAreNotSent() throws Exception {
    int before = peer.requests().size();
    QueryResponse found = page("three", "{!cascade name=late stages=2}");
    assertEquals(1, since(before).size());
    assertTrue(since(before).get(0).path("documents").size() < 20);
    assertTrue(scores(found).containsValue(-7f));
  }

  @Test
  public void explanationsAndFeatureLogsDoNotAskAgain() throws Exception {
    String rq = "{!cascade name=late efi.text='boot light'}";
    String[] more = {"fl", "id,score,[cascade]", "debugQuery", "true"};
    QueryResponse expected = page("one", rq, more);
    int before = peer.requests().size();
    QueryResponse actual = page("three", rq, more);

    assertEquals(1, since(before).size());
    assertEquals(logs(expected), logs(actual));
    assertEquals(ids(expected), ids(actual));
    for (SolrDocument doc : actual.getResults()) {
      String explanation =
          actual.getExplainMap().get((String) doc.getFieldValue("id")).toString().strip();
      float explained = Float.parseFloat(explanation.substring(0, explanation.indexOf(' ')));
      assertEquals(explanation, (Float) doc.getFieldValue("score"), explained, 1e-5);
    }
  }

  private static List<String> logs(QueryResponse response) {
    return response.getResults().stream()
        .map(doc -> Objects.toString(doc.getFieldValue("[cascade]")))
        .collect(Collectors.toList());
  }

  private static void assertOrderBefore(String outcome, QueryResponse actual) throws Exception {
    List<String> before = ids(page("three", "{!cascade name=hosted stages=1}"));
    assertEquals(before, ids(actual));
    assertEquals(true, actual.getHeader().get("partialResults"));
    assertEquals("completed", outcomes(actual).get(0));
    String told = (String) outcomes(actual).get(1);
    assertTrue(told, told.contains(outcome));
  }

  @Test
  public void whenItFailsTheOrderBeforeIsServedAndFlagged() throws Exception {
    peer.answer(request -> Reply.status(500));
    int before = peer.requests().size();
    assertOrderBefore(
        "reranker 'hosted' answered with status 500", page("three", "{!cascade name=hosted}"));
    assertEquals(1, since(before).size());
    peer.answer(request -> Reply.ok("{\"results\":[]}"));
    assertOrderBefore("reranker 'hosted' gave 0 results", page("three", "{!cascade name=hosted}"));
  }

  @Test
  public void whenItIsSlowTheBudgetHolds() throws Exception {
    peer.answer(
        request -> {
          try {
            Thread.sleep(8000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return scores(request);
        });
    long start = System.nanoTime();
    QueryResponse cut = page("three", "{!cascade name=hosted budgetMs=700}");
    assertTrue(System.nanoTime() - start < 6_000_000_000L);
    assertOrderBefore("skipped: its budget of 700 ms was spent", cut);
  }

  @Test
  public void aShardWithAnotherModelIsToldOf() throws Exception {
    index("titles", products(60, random()));
    String shards =
        cluster
            .getZkStateReader()
            .getCollection("titles")
            .getSlice("shard1")
            .getLeader()
            .getCoreUrl();
    QueryResponse mixed = page("one", "{!cascade name=late}", "fl", "id,score", "shards", shards);
    assertEquals("completed", outcomes(mixed).get(0));
    String outcome = (String) outcomes(mixed).get(1);
    assertTrue(
        outcome, outcome.startsWith("failed: shards have different models: the coordinator"));
  }

  @Test
  public void aStageOfScopeShardAsksOnEachShard() throws Exception {
    QueryResponse expected = page("one", "{!cascade name=scattered}");
    int before = peer.requests().size();
    QueryResponse actual = page("three", "{!cascade name=scattered}");
    assertEquals(3, since(before).size());
    assertEquals(scores(expected), scores(actual));
    List<?> shares = (List<?>) stages(actual).get(0).get("shards");
    assertEquals(3, shares.size());
    assertEquals("completed", ((NamedList<?>) shares.get(0)).get("outcome"));
  }
}
