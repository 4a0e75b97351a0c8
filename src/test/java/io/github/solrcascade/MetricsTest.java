package io.github.solrcascade;

import com.codahale.metrics.MetricRegistry;
import org.junit.Test;

/** What an operator watches is in Solr's own registry. */
public class MetricsTest extends SolrTest {

  private static MetricRegistry registry() {
    return solr.cores().getMetricManager().registry("solr.core.test");
  }

  private static long count(String name) {
    return registry().counter("cascade." + name).getCount();
  }

  @Test
  public void stagesAreCountedAndTimed() throws Exception {
    long completed = count("products.deep.completed");
    long documents = count("products.deep.documents");

    solr.search("q", "red shoe", "rq", "{!cascade name=products cache=false}");
    solr.search("q", "red shoe", "rq", "{!cascade name=products stages=2 cache=false}");

    assertEquals(completed + 1, count("products.deep.completed"));
    assertTrue(count("products.deep.documents") > documents);
    assertTrue(registry().timer("cascade.products.time").getCount() >= 2);
    assertTrue(registry().timer("cascade.products.lexical.time").getSnapshot().getMedian() > 0);
  }

  @Test
  public void pairsAreCountedOnceAndThenAsCacheHits() throws Exception {
    String rq = "{!cascade name=products cache=false efi.text='a text that no other test has'}";
    long pairs = count("products.deep.pairs");
    long hits = count("products.deep.cacheHits");
    long documents = count("products.deep.documents");

    solr.search("q", "red shoe", "rq", rq);
    long computed = count("products.deep.pairs") - pairs;
    long asked = count("products.deep.documents") - documents;
    assertTrue(computed > 0);
    assertEquals(asked, computed + count("products.deep.cacheHits") - hits);

    solr.search("q", "red shoe", "rq", rq);
    assertEquals(pairs + computed, count("products.deep.pairs"));
    assertEquals(hits + 2 * asked - computed, count("products.deep.cacheHits"));
  }

  @Test
  public void whatIsCutShortIsCounted() throws Exception {
    solr.search("q", "*:*", "rq", "{!cascade name=products cache=false}", "timeAllowed", "1");
    solr.search("q", "*:*", "rq", "{!cascade name=products cache=false budgetMs=1}");
    long runs = registry().timer("cascade.products.time").getCount();
    long outcomes =
        count("products.lexical.completed")
            + count("products.lexical.skipped")
            + count("products.lexical.truncated");
    assertEquals(runs, outcomes);
  }

  @Test
  public void encodersTellWhichModelTheyAre() {
    String encoders = registry().getGauges().get("cascade.encoders").getValue().toString();
    assertTrue(encoders, encoders.contains("cross={"));
    assertTrue(encoders, encoders.contains("model=tiny-cross-encoder"));
    assertTrue(encoders, encoders.contains("switchedOff=false"));
    assertTrue(encoders, encoders.contains("refused=0"));
    assertTrue(encoders, encoders.contains("queueMs={p"));
  }
}
