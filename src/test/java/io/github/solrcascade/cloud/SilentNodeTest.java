package io.github.solrcascade.cloud;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.impl.Http2SolrClient;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.cloud.Replica;
import org.apache.solr.common.cloud.Slice;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** A node that takes a request for scores and then says nothing. */
public class SilentNodeTest extends CloudTest {
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(12);

  /** Of the silent node: term statistics, the search, then the scores. */
  private static final int SCORES = 3;

  private static SolrClient coordinator;
  private static int silentPort;

  /** Takes the n-th request of a node, and does not let it go on. */
  public static final class Silence implements Filter {
    private static final AtomicInteger UNTIL = new AtomicInteger();
    private static volatile CountDownLatch end = new CountDownLatch(0);

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      if (request.getLocalPort() == silentPort && UNTIL.decrementAndGet() == 0) {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      chain.doFilter(request, response);
    }

    @Override
    public void destroy() {}
  }

  @BeforeClass
  public static void startCluster() throws Exception {
    System.setProperty("socketTimeout", "" + SOCKET_TIMEOUT.toMillis());
    System.setProperty("solr.allowPaths", "*");
    configureCluster(2)
        .addConfig("conf", configset())
        .withJettyConfig(jetty -> jetty.withFilter(Silence.class, "/*"))
        .configure();
    create("pair", 2, 1);
    index("pair", products(60, random()));
    List<Replica> leaders =
        cluster.getZkStateReader().getCollection("pair").getSlices().stream()
            .map(Slice::getLeader)
            .toList();
    assertNotEquals(leaders.get(0).getNodeName(), leaders.get(1).getNodeName());
    coordinator = new Http2SolrClient.Builder(leaders.get(0).getCoreUrl()).build();
    silentPort = cluster.getReplicaJetty(leaders.get(1)).getLocalPort();
  }

  @AfterClass
  public static void forget() throws Exception {
    System.clearProperty("socketTimeout");
    coordinator.close();
    coordinator = null;
  }

  private static QueryResponse page(String rq) throws Exception {
    SolrQuery query = new SolrQuery("red shoe");
    query.set("rq", rq).set("fl", "id,score").set("sort", "score desc, id asc");
    return coordinator.query(query);
  }

  /** One node never answers the request for scores, and still the search ends. */
  private static void assertStageBefore(String rq, String reason, Duration most) throws Exception {
    assertEquals(List.of("completed", "completed"), outcomes(page("{!cascade name=lenient}")));
    QueryResponse before = page("{!cascade name=lenient stages=1}");
    Silence.end = new CountDownLatch(1);
    Silence.UNTIL.set(SCORES);
    try {
      long start = System.nanoTime();
      QueryResponse found = page(rq);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.toString(), took.compareTo(most) < 0);
      String outcome = (String) outcomes(found).get(1);
      assertTrue(outcome, outcome.startsWith("failed: ") && outcome.contains(reason));
      assertEquals(true, found.getHeader().get("partialResults"));
      assertEquals(ids(before), ids(found));
      assertEquals(scores(before), scores(found));
    } finally {
      Silence.end.countDown();
    }
  }

  @Test
  public void theBudgetEndsTheWaiting() throws Exception {
    assertStageBefore(
        "{!cascade name=lenient budgetMs=1000}",
        "no answer within the budget",
        SOCKET_TIMEOUT.minusSeconds(4));
  }

  @Test
  public void withoutABudgetSolrsSocketTimeoutEndsIt() throws Exception {
    assertStageBefore("{!cascade name=lenient}", "imeout", SOCKET_TIMEOUT.plusSeconds(20));
  }
}
