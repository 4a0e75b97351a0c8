package io.github.solrcascade.cloud;

import io.github.solrcascade.ShadowLog;
import io.github.solrcascade.encoder.Faults;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.util.LogListener;
import org.junit.BeforeClass;
import org.junit.Test;

/** Two rankings of one search, over shards: on one page, or one as the other's shadow. */
public class RolloutTest extends CloudTest {
  private static final String A = "{!cascade name=mixed}";
  private static final String B = "{!cascade name=shard}";

  @BeforeClass
  public static void startCluster() throws Exception {
    startNodes(2);
    create("three", 3, 1);
    index("three", products(60, random()));
  }

  private static List<String> ranked(String rq) throws Exception {
    return ids(search("three", "q", "red shoe", "rows", "40", "rq", rq));
  }

  private static QueryResponse interleaved(String... more) throws Exception {
    String[] params = {
      "qt", "/interleave", "q", "red shoe", "fl", "title", "interleave.a", A, "interleave.b", B
    };
    String[] all = java.util.Arrays.copyOf(more, more.length + params.length);
    System.arraycopy(params, 0, all, more.length, params.length);
    return search("three", all);
  }

  @Test
  public void eachTeamsDocumentsComeInItsOrder() throws Exception {
    QueryResponse page = interleaved("rows", "10");
    NamedList<?> teams = (NamedList<?>) page.getResponse()._get("interleave/teams");
    assertEquals(10, page.getResults().size());
    assertNotNull(page.getResults().get(0).getFieldValue("title"));
    List<List<String>> rankings = List.of(ranked(A), ranked(B));
    int[] last = {-1, -1};
    int[] count = {0, 0};
    for (String id : ids(page)) {
      int team = teams.get(id).equals("a") ? 0 : 1;
      int place = rankings.get(team).indexOf(id);
      assertTrue(id, place > last[team]);
      last[team] = place;
      count[team]++;
    }
    assertEquals(5, count[0]);
    assertEquals(5, count[1]);
  }

  @Test
  public void pagesOfASeedFitTogether() throws Exception {
    List<String> whole = ids(interleaved("rows", "10", "interleave.seed", "anna"));
    List<String> second = ids(interleaved("rows", "5", "start", "5", "interleave.seed", "anna"));
    assertEquals(whole.subList(5, 10), second);
  }

  @Test
  public void aShadowRanksAllShardsAfterTheAnswer() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    Faults faults = new Faults(crossEncoder());
    faults.inject(
        values -> {
          awaitUninterruptibly(answered);
          return values;
        });
    String served = "{!cascade name=shard stages=2}";
    String text = "{!cascade name=mixed efi.text='a text that no cache knows'}";
    try (LogListener logged = LogListener.info("io.github.solrcascade.Shadow")) {
      List<String> plain = ids(search("three", "q", "red shoe", "rq", served));
      // The shadow waits for the answer, so that an answer that waited for it would not come.
      List<String> answer =
          ids(search("three", "q", "red shoe", "rq", served, "cascade.shadow", text));
      assertEquals(plain, answer);
      assertNull(logged.pollMessage());
      answered.countDown();
      String line = ShadowLog.await(logged);
      assertTrue(line, line.startsWith("shadow " + text + " of " + served));
      List<String> then = ids(search("three", "q", "red shoe", "rq", text));
      StringBuilder moves = new StringBuilder();
      then.forEach(id -> moves.append(' ').append(id).append(':').append(plain.indexOf(id) + 1));
      assertTrue(line, line.endsWith("document:place before:" + moves));
      assertNull("one shadow, and none of the shards' parts", logged.pollMessage());
    } finally {
      answered.countDown();
      faults.mend();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }
}
