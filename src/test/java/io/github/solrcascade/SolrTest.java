package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import java.util.Map;
import org.apache.solr.SolrTestCase;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** A test against one Solr, whose catalogue of 40 products is random but for its seed. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public abstract class SolrTest extends SolrTestCase {
  /** The Solr under test. */
  protected static TestSolr solr;

  @BeforeClass
  public static void startSolr() throws Exception {
    solr = TestSolr.start(createTempDir(), Map.of());
    assertEquals("", solr.loadError());
    RandomProducts.index(solr, 40, 8, random());
  }

  @AfterClass
  public static void stopSolr() throws Exception {
    if (solr != null) {
      solr.close();
      solr = null;
    }
  }
}
