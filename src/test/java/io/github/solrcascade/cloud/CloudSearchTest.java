package io.github.solrcascade.cloud;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.impl.BaseHttpSolrClient.RemoteSolrException;
import org.apache.solr.client.solrj.impl.Http2SolrClient;
import org.apache.solr.client.solrj.request.CollectionAdminRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.cloud.Replica;
import org.apache.solr.common.params.MapSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.embedded.JettySolrRunner;
import org.apache.solr.metrics.SolrMetricManager;
import org.junit.BeforeClass;
import org.junit.Test;

/** A cascade over shards together with all else that a search can ask for. */
public class CloudSearchTest extends CloudTest {
  private static final String RQ = "{!cascade name=mixed}";

  @BeforeClass
  public static void startCluster() throws Exception {
    startNodes(2);
    create("one", 1, 1);
    create("three", 3, 1);
    List<SolrInputDocument> products = products(60, random());
    index("one", products);
    index("three", products);
  }

  /** The same search of one core and of three shards; the latter's answer. */
  private static QueryResponse searchBoth(String... params) throws Exception {
    String[] all = Arrays.copyOf(params, params.length + 4);
    all[params.length] = "rq";
    all[params.length + 1] = RQ;
    all[params.length + 2] = "sort";
    all[params.length + 3] = "score desc, id asc";
    QueryResponse expected = search("one", all);
    QueryResponse actual = search("three", all);
    assertEquals(fields(expected), fields(actual));
    return actual;
  }

  /** The documents' fields by name, but the version, which is another in each collection. */
  private static List<Map<String, Object>> fields(QueryResponse response) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (SolrDocument document : response.getResults()) {
      Map<String, Object> fields = new TreeMap<>(document);
      fields.remove("_version_");
      all.add(fields);
    }
    return all;
  }

  @Test
  public void fieldsNeedNotHoldTheKey() throws Exception {
    QueryResponse found = searchBoth("q", "red shoe", "fl", "title");
    assertEquals(10, found.getResults().size());
    assertEquals(List.of("title"), List.copyOf(found.getResults().get(0).getFieldNames()));
  }

  @Test
  public void theScoreMayHaveAnotherName() throws Exception {
    QueryResponse found = searchBoth("q", "red shoe", "fl", "id,relevance:score");
    assertNotNull(found.getResults().get(0).getFieldValue("relevance"));
    searchBoth("q", "red shoe", "fl", "id,title,relevance:score,score");
  }

  @Test
  public void onePassGivesTheSame() throws Exception {
    searchBoth("q", "red shoe", "fl", "id,title,score", "distrib.singlePass", "true");
    searchBoth("q", "red shoe", "fl", "title,score", "distrib.singlePass", "true", "start", "4");
    searchBoth("q", "red shoe", "fl", "*,score", "distrib.singlePass", "true", "rows", "50");
  }

  @Test
  public void facetsAndHighlightingAreThoseOfThePage() throws Exception {
    QueryResponse found =
        searchBoth(
            "q",
            "red shoe",
            "facet",
            "true",
            "facet.field",
            "brand",
            "hl",
            "true",
            "hl.fl",
            "title",
            "hl.method",
            "original",
            "rows",
            "5",
            "start",
            "3",
            "fl",
            "id,score");
    assertEquals(5, found.getHighlighting().size());
    assertEquals(java.util.Set.copyOf(ids(found)), found.getHighlighting().keySet());
    long counted =
        found.getFacetField("brand").getValues().stream().mapToLong(c -> c.getCount()).sum();
    assertEquals(found.getResults().getNumFound(), counted);
  }

  @Test
  public void shardsInfoTellsOfTheShards() throws Exception {
    QueryResponse found = searchBoth("q", "red shoe", "shards.info", "true", "fl", "id,score");
    assertEquals(3, ((NamedList<?>) found.getResponse().get("shards.info")).size());
  }

  @Test
  public void withoutRowsNothingIsRanked() throws Exception {
    QueryResponse found = searchBoth("q", "red shoe", "rows", "0");
    assertEquals(List.of(), stages(found));
    assertTrue(found.getResults().getNumFound() > 0);
  }

  @Test
  public void elevatedDocumentsStayFirst() throws Exception {
    String[] params = {
      "q",
      "red shoe",
      "elevateIds",
      "p0007,p0003",
      "rq",
      RQ,
      "qt",
      "/elevate",
      "fl",
      "id,score",
      "sort",
      "score desc, id asc"
    };
    QueryResponse expected = search("one", params);
    QueryResponse actual = search("three", params);
    assertEquals(List.of("p0007", "p0003"), ids(actual).subList(0, 2));
    assertEquals(ids(expected), ids(actual));
  }

  @Test
  public void aRouteIsSearchedAlone() throws Exception {
    QueryResponse whole = search("three", "q", "*:*", "rows", "100", "fl", "id", "rq", RQ);
    List<String> parts = new ArrayList<>();
    for (String shard : List.of("shard1", "shard2", "shard3")) {
      QueryResponse part =
          search("three", "q", "*:*", "rows", "100", "fl", "id", "rq", RQ, "shards", shard);
      parts.addAll(ids(part));
    }
    assertEquals(new java.util.TreeSet<>(ids(whole)), new java.util.TreeSet<>(parts));
    assertEquals(60, parts.size());
    QueryResponse routed = search("three", "q", "*:*", "rq", RQ, "_route_", "p0007!");
    assertTrue(routed.getResults().getNumFound() < 60);
  }

  @Test
  public void anAliasIsSearchedAsOne() throws Exception {
    create("more", 2, 1);
    List<SolrInputDocument> more = new ArrayList<>();
    for (SolrInputDocument product : products(20, random())) {
      product.setField("id", "q" + product.getFieldValue("id"));
      more.add(product);
    }
    index("more", more);
    index("one", more);
    try {
      CollectionAdminRequest.createAlias("all", "three,more").process(cluster.getSolrClient());
      String[] params = {
        "q",
        "*:*",
        "sort",
        "price asc, id asc",
        "rq",
        "{!cascade name=mixed efi.text=boot}",
        "rows",
        "100",
        "fl",
        "id"
      };
      QueryResponse actual = search("all", params);
      assertEquals(80, actual.getResults().getNumFound());
      // Statistics are kept apart by collection, so only documents and outcomes are compared.
      assertEquals(List.of("completed", "completed", "completed"), outcomes(actual));
      assertEquals(5, stages(actual).get(2).get("docs"));
      assertEquals(
          new java.util.TreeSet<>(ids(search("one", params))),
          new java.util.TreeSet<>(ids(actual)));
    } finally {
      for (SolrInputDocument product : more) {
        cluster.getSolrClient().deleteById("one", (String) product.getFieldValue("id"));
      }
      cluster.getSolrClient().commit("one");
    }
  }

  @Test
  public void collapsedGroupsAreRanked() throws Exception {
    CollectionAdminRequest.createCollection("brands", "conf", 2, 1)
        .setRouterField("brand")
        .withProperty("cascade.models", io.github.solrcascade.TestSolr.MODELS.toString())
        .process(cluster.getSolrClient());
    cluster.waitForActiveCollection("brands", 2, 2);
    create("unsharded", 1, 1);
    List<SolrInputDocument> products = products(40, random());
    index("brands", products);
    index("unsharded", products);
    String[] params = {
      "q",
      "red shoe",
      "fq",
      "{!collapse field=brand sort='price asc, id asc'}",
      "rq",
      RQ,
      "sort",
      "score desc, id asc",
      "fl",
      "id,score",
      "expand",
      "true"
    };
    QueryResponse expected = search("unsharded", params);
    QueryResponse actual = search("brands", params);
    assertEquals(3, actual.getResults().size());
    assertEquals(ids(expected), ids(actual));
    assertEquals(expected.getExpandedResults().keySet(), actual.getExpandedResults().keySet());
  }

  @Test
  public void stagesOnTheSameDocumentsShareARequest() throws Exception {
    List<Long> counts = new ArrayList<>();
    for (String stages : List.of("1", "2", "3")) {
      long before = scoreRequests();
      String rq = "{!cascade name=global efi.text=boot stages=" + stages + "}";
      QueryResponse found = search("three", "q", "*:*", "sort", "price asc, id asc", "rq", rq);
      assertTrue(outcomes(found).stream().allMatch("completed"::equals));
      counts.add(scoreRequests() - before);
    }
    // The third stage has fewer documents, of which a shard may hold none.
    assertEquals(List.of(3L, 3L), counts.subList(0, 2));
    assertTrue(counts.toString(), counts.get(2) > 3 && counts.get(2) <= 6);
  }

  /** How many requests for scores the shards have had. */
  private static long scoreRequests() {
    long count = 0;
    for (JettySolrRunner node : cluster.getJettySolrRunners()) {
      SolrMetricManager metrics = node.getCoreContainer().getMetricManager();
      for (String registry : metrics.registryNames()) {
        if (registry.startsWith("solr.core.three.")) {
          for (Map.Entry<String, Metric> own : metrics.registry(registry).getMetrics().entrySet()) {
            if (own.getKey().endsWith("cascade.global.scoreRequests")) {
              count += ((Counter) own.getValue()).getCount();
            }
          }
        }
      }
    }
    return count;
  }

  @Test
  public void aSpentBudgetIsFlagged() throws Exception {
    QueryResponse found =
        search(
            "three", "q", "red shoe", "fl", "id,score", "rq", "{!cascade name=mixed budgetMs=1}");
    assertEquals(10, found.getResults().size());
    boolean complete = outcomes(found).stream().allMatch("completed"::equals);
    assertEquals(complete ? null : true, found.getHeader().get("partialResults"));
  }

  @Test
  public void aCoordinatorOfAnotherVersionGetsTheShardStages() throws Exception {
    QueryResponse found =
        search("three", "q", "red shoe", "fl", "id,score", "rq", RQ, "shards.qt", "/other-version");
    assertEquals(10, found.getResults().size());
    assertEquals(true, found.getHeader().get("partialResults"));
    String first = (String) outcomes(found).get(0);
    assertTrue(first, first.startsWith("failed: ") && first.contains("another version"));
    assertEquals("skipped: stage 'lexical' failed", outcomes(found).get(1));
  }

  /** A collection of another configuration, searched together with one that has the plugin. */
  private static QueryResponse searchBeside(String other, SolrParams more) throws Exception {
    SolrQuery query = new SolrQuery("red shoe");
    query.set("collection", "three," + other);
    // Statistics are kept apart by collection, so the first pass is in another order.
    query.set("rows", "100").set("fl", "id,title,score").set("sort", "price asc, id asc");
    query.add(more);
    try (SolrClient core = coreOf("three")) {
      return core.query(query);
    }
  }

  /** Asks one core, which then is the coordinator. */
  private static SolrClient coreOf(String collection) {
    Replica leader =
        cluster.getZkStateReader().getCollection(collection).getSlice("shard1").getLeader();
    return new Http2SolrClient.Builder(leader.getCoreUrl()).build();
  }

  private static void assertFirstPass(String other, String outcome) throws Exception {
    List<SolrInputDocument> more = new ArrayList<>();
    for (SolrInputDocument product : products(20, random())) {
      product.setField("id", other + product.getFieldValue("id"));
      more.add(product);
    }
    index(other, more);
    QueryResponse plain = searchBeside(other, new MapSolrParams(Map.of()));
    for (String cascade : List.of("mixed", "global", "adaptive", "shard")) {
      QueryResponse found =
          searchBeside(other, new MapSolrParams(Map.of("rq", "{!cascade name=" + cascade + "}")));
      assertEquals(ids(plain), ids(found));
      assertEquals(true, found.getHeader().get("partialResults"));
      String first = (String) outcomes(found).get(0);
      assertTrue(first, first.startsWith("failed: ") && first.contains(outcome));
    }
    // Explanations and feature logs are asked of all shards, too.
    QueryResponse explained =
        searchBeside(other, new MapSolrParams(Map.of("rq", RQ, "debugQuery", "true")));
    assertEquals(explained.getResults().size(), explained.getExplainMap().size());
  }

  @Test
  public void aShardWithoutThePluginAnswersWithItsFirstPass() throws Exception {
    Path conf = configset();
    Files.delete(conf.resolve("_schema_feature-store.json"));
    Files.delete(conf.resolve("_schema_model-store.json"));
    Files.writeString(conf.resolve("solrconfig.xml"), withoutPlugin(""));
    cluster.uploadConfigSet(conf, "plain");
    create("plain", "plain", 2, 1);
    assertFirstPass("plain", "plain_shard");
  }

  private static String withoutPlugin(String more) {
    return String.format(
        Locale.ROOT,
        """
        <config>
          <luceneMatchVersion>9.12.3</luceneMatchVersion>
          <schemaFactory class="ClassicIndexSchemaFactory"/>
          <statsCache class="org.apache.solr.search.stats.ExactStatsCache"/>
          %s
          <requestHandler name="/select" class="solr.SearchHandler">
            <lst name="defaults"><str name="df">title</str></lst>
          </requestHandler>
          <requestHandler name="/update" class="solr.UpdateRequestHandler"/>
        </config>
        """,
        more);
  }

  @Test
  public void aShardThatDoesNotKnowTheCascadeSaysSo() throws Exception {
    Path conf = configset();
    Path config = conf.resolve("solrconfig.xml");
    String text = Files.readString(config);
    for (String name : List.of("mixed", "global", "adaptive", "shard")) {
      text = text.replace("<str name=\"name\">" + name, "<str name=\"name\">old-" + name);
    }
    Files.writeString(config, text);
    cluster.uploadConfigSet(conf, "older");
    create("older", "older", 2, 1);
    assertFirstPass("older", "is configured otherwise: name: ");
  }

  @Test
  public void aCoordinatorThatMergesNoCascadesGetsTheShardStages() throws Exception {
    Path conf = configset();
    Files.delete(conf.resolve("_schema_feature-store.json"));
    Files.delete(conf.resolve("_schema_model-store.json"));
    // It takes rq for a rank query, passes it on to the shards and merges by score.
    Files.writeString(
        conf.resolve("solrconfig.xml"),
        withoutPlugin(
            "<queryParser name='cascade' class='org.apache.solr.search.ExportQParserPlugin'/>"));
    cluster.uploadConfigSet(conf, "old");
    create("old", "old", 1, 1);
    SolrQuery query = new SolrQuery("red shoe").setParam("collection", "three");
    query.set("rows", "100").set("fl", "id,score").set("rq", RQ);
    try (SolrClient core = coreOf("old")) {
      QueryResponse whole = core.query(query);
      assertEquals(true, whole.getHeader().get("partialResults"));
      // The first two stages are the shards' own.
      query.set("rq", "{!cascade name=mixed stages=2}");
      QueryResponse shards = core.query(query);
      assertNull(shards.getHeader().get("partialResults"));
      assertEquals(ids(shards), ids(whole));
      assertEquals(scores(shards), scores(whole));
      query.remove("rq");
      assertNotEquals(ids(core.query(query)), ids(whole));
    }
  }

  @Test
  public void aMistakeIsTheClients() {
    for (String rq : List.of("{!cascade name=nonesuch}", "{!cascade name=mixed stages=4}")) {
      RemoteSolrException refused =
          expectThrows(RemoteSolrException.class, () -> search("three", "q", "red shoe", "rq", rq));
      assertEquals(refused.getMessage(), 400, refused.code());
    }
  }
}
