package io.github.solrcascade.cloud;

import io.github.solrcascade.TestSolr;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.solr.client.solrj.request.CollectionAdminRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.cloud.DocCollection;
import org.apache.solr.embedded.JettySolrRunner;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** A cluster that changes while it is searched, and one that has lost a shard. */
public class CloudChangesTest extends CloudTest {
  private static List<SolrInputDocument> products;

  @BeforeClass
  public static void startCluster() throws Exception {
    // Of the node, since replicas that come later do not get the collection's own properties.
    System.setProperty("cascade.models", TestSolr.MODELS.toString());
    startNodes(2);
    products = products(60, random());
    create("one", 1, 1);
    index("one", products);
  }

  @AfterClass
  public static void forget() {
    System.clearProperty("cascade.models");
    products = null;
  }

  private static QueryResponse page(String collection, String... more) throws Exception {
    String[] own = {
      "q", "red shoe", "rq", "{!cascade name=mixed}", "fl", "id,score", "sort", "score desc, id asc"
    };
    String[] params = java.util.Arrays.copyOf(own, own.length + more.length);
    System.arraycopy(more, 0, params, own.length, more.length);
    return search(collection, params);
  }

  private static void assertSame(QueryResponse expected, QueryResponse found) {
    assertNull(found.getHeader().get("partialResults"));
    assertEquals(ids(expected), ids(found));
    scores(expected).forEach((id, score) -> assertEquals(score, scores(found).get(id), 1e-5));
  }

  @Test
  public void everyKindOfReplicaGivesTheSamePage() throws Exception {
    CollectionAdminRequest.createCollection("kinds", "conf", 2, 0, 1, 1)
        .process(cluster.getSolrClient());
    cluster.waitForActiveCollection("kinds", 2, 4);
    index("kinds", products);
    QueryResponse expected = page("one");
    for (String kind : List.of("TLOG", "PULL")) {
      String preference = "replica.type:" + kind;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      // A replica of the kind PULL copies the index when it next looks.
      while (page("kinds", "shards.preference", preference).getResults().getNumFound()
              < expected.getResults().getNumFound()
          && System.nanoTime() < end) {
        Thread.sleep(100);
      }
      // Once more: the statistics of the last one may be of before, and its documents of after.
      assertSame(expected, page("kinds", "shards.preference", preference));
    }
  }

  @Test
  public void reloadsReplicasAndSplitsUnderLoadSpoilNoPage() throws Exception {
    create("changing", 1, 1);
    index("changing", products);
    QueryResponse expected = page("one");
    try (SearchLoad load = new SearchLoad(2, List.of(expected), () -> page("changing"))) {
      load.await(10);
      send(CollectionAdminRequest.reloadCollection("changing"), null);
      load.await(10);
      send(CollectionAdminRequest.addReplicaToShard("changing", "shard1"), null);
      cluster.waitForActiveCollection("changing", 1, 2);
      load.await(10);
      send(CollectionAdminRequest.splitShard("changing").setShardName("shard1"), null);
      cluster
          .getZkStateReader()
          .waitForState("changing", 60, TimeUnit.SECONDS, CloudChangesTest::isSplit);
      load.await(20);
      load.end();
      assertEquals(load.toString(), 0, load.flagged());
      assertEquals(Map.of(), load.errors());
    }
    QueryResponse after = page("changing", "shards.info", "true");
    assertSame(expected, after);
    assertEquals(
        2,
        ((org.apache.solr.common.util.NamedList<?>) after.getResponse().get("shards.info")).size());
  }

  private static boolean isSplit(DocCollection collection) {
    return collection != null && collection.getActiveSlices().size() == 2;
  }

  @Test
  public void timeAllowedThatSufficesChangesNothing() throws Exception {
    create("timed", 2, 1);
    index("timed", products);
    assertSame(page("one"), page("timed", "timeAllowed", "60000"));
  }

  @Test
  public void aShardThatIsGoneIsToleratedIfSolrIsToldTo() throws Exception {
    create("halved", 2, 1);
    index("halved", products);
    QueryResponse whole = page("halved", "rows", "100");
    JettySolrRunner victim = cluster.getJettySolrRunner(1);
    cluster.stopJettySolrRunner(victim);
    try {
      cluster.waitForJettyToStop(victim);
      QueryResponse half = page("halved", "rows", "100", "shards.tolerant", "true");
      assertEquals(true, half.getHeader().get("partialResults"));
      assertTrue(ids(half).size() > 0 && ids(half).size() < ids(whole).size());
      assertEquals(ids(half).size(), new HashSet<>(ids(half)).size());
      assertEquals(List.of("completed", "completed", "completed"), outcomes(half));
      expectThrows(Exception.class, () -> page("halved"));
    } finally {
      cluster.startJettySolrRunner(victim);
      cluster.waitForAllNodes(60);
      cluster.waitForActiveCollection("halved", 2, 2);
      cluster.waitForActiveCollection("one", 1, 1);
    }
  }
}
