package io.github.solrcascade.cloud;

import io.github.solrcascade.encoder.Faults;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;
import org.apache.solr.client.solrj.impl.BaseHttpSolrClient.RemoteSolrException;
import org.apache.solr.client.solrj.impl.Http2SolrClient;
import org.apache.solr.client.solrj.request.CollectionAdminRequest;
import org.apache.solr.client.solrj.request.GenericSolrRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.cloud.MiniSolrCloudCluster;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.cloud.Replica;
import org.apache.solr.common.util.ObjectReleaseTracker;
import org.apache.solr.embedded.JettySolrRunner;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** What may go wrong in a cluster, whose nodes want a password of each other. */
public class CloudFaultsTest extends CloudTest {
  private static final String RQ = "{!cascade name=mixed}";

  @BeforeClass
  public static void startCluster() throws Exception {
    startGuardedNodes(2);
    create("pair", 2, 2);
    // Of its own configset: its models are changed.
    cluster.uploadConfigSet(configset(), "changed");
    create("split", "changed", 2, 1);
    List<SolrInputDocument> products = products(60, random());
    index("pair", products);
    index("split", products);
  }

  /**
   * Solr's own client, when it is closed, may wait for ever for a request to a node that was
   * stopped meanwhile. That is no reason to fail.
   */
  @AfterClass
  public static void stopCluster() throws Exception {
    MiniSolrCloudCluster ending = cluster;
    cluster = null;
    Thread stop =
        new Thread(
            () -> {
              try {
                ending.shutdown();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    stop.setDaemon(true);
    stop.start();
    stop.join(TimeUnit.SECONDS.toMillis(30));
    if (stop.isAlive()) {
      ObjectReleaseTracker.clear();
    }
  }

  private static QueryResponse page(String collection, String rq) throws Exception {
    return search(
        collection, "q", "red shoe", "rq", rq, "fl", "id,score", "sort", "score desc, id asc");
  }

  /** Asks one node, and no other if it answers with an error. */
  private static SolrClient client(String url) {
    return new Http2SolrClient.Builder(url).withBasicAuthCredentials("solr", "SolrRocks").build();
  }

  /** A change to one core's store, of which the other nodes hear nothing yet. */
  private static void putModel(Replica replica, String name, String json) throws Exception {
    try (SolrClient core = client(replica.getCoreUrl())) {
      core.request(
          new GenericSolrRequest(SolrRequest.METHOD.DELETE, "/schema/model-store/" + name));
      core.request(
          new GenericSolrRequest(SolrRequest.METHOD.PUT, "/schema/model-store")
              .withContent(json.getBytes(StandardCharsets.UTF_8), "application/json"));
    }
  }

  @Test
  public void nodesWithDifferentModelsAreToldOfInsteadOfMixed() throws Exception {
    // So many documents that both shards have some.
    QueryResponse before = page("split", "{!cascade name=lenient}");
    assertEquals(List.of("completed", "completed"), outcomes(before));
    Replica replica =
        cluster.getZkStateReader().getCollection("split").getSlice("shard1").getLeader();
    putModel(
        replica,
        "deep",
        """
        {"name": "deep", "class": "org.apache.solr.ltr.model.LinearModel",
         "features": [{"name": "semantic"}, {"name": "crossEncoder"}],
         "params": {"weights": {"semantic": 0.5, "crossEncoder": -1.0}}}
        """);

    QueryResponse mixed = page("split", "{!cascade name=lenient}");

    assertEquals(ids(page("split", "{!cascade name=lenient stages=1}")), ids(mixed));
    String outcome = (String) outcomes(mixed).get(1);
    assertTrue(outcome, outcome.startsWith("failed: shards have different models: shard"));
    assertEquals(true, mixed.getHeader().get("partialResults"));
    try (SolrClient node = client(cluster.getJettySolrRunner(0).getBaseUrl() + "/split")) {
      SolrQuery strict = new SolrQuery("red shoe").setParam("rq", "{!cascade name=strict}");
      RemoteSolrException refused =
          expectThrows(RemoteSolrException.class, () -> node.query(strict));
      assertEquals(refused.getMessage(), 503, refused.code());
      assertTrue(refused.getMessage(), refused.getMessage().contains("different models"));
    }

    send(CollectionAdminRequest.reloadCollection("split"), null);
    QueryResponse after = page("split", "{!cascade name=lenient}");
    assertEquals(List.of("completed", "completed"), outcomes(after));
    assertFalse(scores(before).equals(scores(after)));
  }

  @Test
  public void aModelThatBreaksOnTheShardsLeavesTheStageBefore() throws Exception {
    List<String> before = ids(page("pair", "{!cascade name=mixed stages=2}"));
    Faults faults = new Faults(crossEncoder());
    faults.inject(
        values -> {
          throw new IllegalStateException("broken on purpose");
        });
    try {
      // A text that no cache knows, with the same words.
      QueryResponse broken = page("pair", "{!cascade name=mixed efi.text='red  shoe'}");
      String outcome = (String) outcomes(broken).get(2);
      assertTrue(outcome, outcome.startsWith("failed: shard") && outcome.contains("on purpose"));
      assertEquals(before, ids(broken));
      assertEquals(true, broken.getHeader().get("partialResults"));
    } finally {
      faults.mend();
    }
  }

  @Test
  public void aModelThatHangsIsNotWaitedFor() throws Exception {
    List<String> before = ids(page("pair", "{!cascade name=mixed stages=2}"));
    Faults faults = new Faults(crossEncoder());
    AtomicBoolean mended = new AtomicBoolean();
    faults.inject(
        values -> {
          while (!mended.get()) {
            Thread.onSpinWait();
          }
          return values;
        });
    try {
      QueryResponse cut = page("pair", "{!cascade name=mixed budgetMs=1500 efi.text='red   shoe'}");
      String outcome = (String) outcomes(cut).get(2);
      assertTrue(outcome, outcome.startsWith("skipped: ") || outcome.startsWith("failed: "));
      assertEquals(before, ids(cut));
    } finally {
      mended.set(true);
      faults.mend();
    }
  }

  @Test
  public void aNodeThatDiesUnderLoadSpoilsNoPage() throws Exception {
    List<QueryResponse> known = new ArrayList<>(List.of(everything(null)));
    for (int stages = 1; stages <= 3; stages++) {
      known.add(everything("{!cascade name=mixed stages=" + stages + "}"));
    }
    try (SearchLoad load = new SearchLoad(4, known, () -> everything(RQ))) {
      load.await(20);
      do {
        JettySolrRunner victim = cluster.getJettySolrRunner(random().nextInt(2));
        cluster.stopJettySolrRunner(victim);
        load.await(40);
        cluster.startJettySolrRunner(victim);
        cluster.waitForAllNodes(60);
        cluster.waitForActiveCollection("pair", 2, 4);
        load.await(20);
      } while (load.goesOn());
      load.end();
      System.out.println(load);
    }
  }

  /** All documents, so that one that is lost or comes twice is seen. */
  private static QueryResponse everything(String rq) throws Exception {
    List<String> params =
        new ArrayList<>(
            List.of("q", "red shoe", "fl", "id,title,score", "sort", "score desc, id asc"));
    params.addAll(List.of("rows", "100"));
    if (rq != null) {
      params.addAll(List.of("rq", rq));
    }
    return search("pair", params.toArray(new String[0]));
  }
}
