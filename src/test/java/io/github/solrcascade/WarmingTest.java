package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.Test;

/** A searcher has run its cascades before it serves. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class WarmingTest extends SolrTestCase {
  private static final String LISTENER =
      """
      <listener event="%s" class="io.github.solrcascade.CascadeWarmingListener">%s
        <arr name="queries"><lst>
          <str name="q">red shoe {round}</str><str name="rq">{!cascade name=products cache=false}</str>
        </lst></arr>
      </listener>
      """;

  private static Path install(String seconds) throws Exception {
    Path home = createTempDir();
    Path config = TestSolr.install(home, "test", Map.of()).resolve("solrconfig.xml");
    String listeners =
        String.format(Locale.ROOT, LISTENER, "firstSearcher", seconds)
            + String.format(Locale.ROOT, LISTENER, "newSearcher", seconds);
    Files.writeString(config, Files.readString(config).replace("</query>", listeners + "</query>"));
    return home;
  }

  private static long runs(TestSolr solr) {
    return count(solr, "completed");
  }

  private static long count(TestSolr solr, String name) {
    return solr.cores()
        .getMetricManager()
        .registry("solr.core.test")
        .counter("cascade.products.deep." + name)
        .getCount();
  }

  @Test
  public void beforeItServes() throws Exception {
    Path home = install("");
    long committed;
    try (TestSolr solr = TestSolr.start(home)) {
      assertEquals("", solr.loadError());
      assertEquals("there is nothing to rank yet", 0, runs(solr));
      RandomProducts.index(solr, 30, 0, random());
      committed = runs(solr);
      assertTrue("runs after a commit: " + committed, committed > 5);
    }
    try (TestSolr solr = TestSolr.start(home)) {
      // Asking for a searcher waits until it is warm.
      solr.search("q", "*:*");
      assertTrue("runs after a start: " + runs(solr), runs(solr) > 5);
      assertTrue("no round's texts are another's", count(solr, "pairs") > 0);
      assertEquals(0, count(solr, "cacheHits"));
    }
  }

  @Test
  public void secondsMustBeANumber() throws Exception {
    try (TestSolr solr = TestSolr.start(install("<str name=\"seconds\">soon</str>"))) {
      assertTrue(
          solr.loadError(),
          solr.loadError().contains("listener.seconds: soon, must be an <int> ≥ 1"));
    }
  }
}
