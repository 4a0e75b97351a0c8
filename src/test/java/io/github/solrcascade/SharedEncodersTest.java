package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import io.github.solrcascade.encoder.BiEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.solr.SolrTestCase;
import org.apache.solr.core.SolrCore;
import org.junit.Test;

/** One encoder serves all cores of a node, through reloads, until the last core closes. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class SharedEncodersTest extends SolrTestCase {

  private static BiEncoder encoder(TestSolr solr, String name) {
    try (SolrCore core = solr.cores().getCore(name)) {
      CascadeComponent component = (CascadeComponent) core.getSearchComponent("cascade");
      return (BiEncoder) component.encoders(core).get("bi");
    }
  }

  private static boolean isOpen(BiEncoder encoder) {
    try {
      return encoder.encodeQuery("red").length == 8;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  public void coresShareOneUntilTheLastCloses() throws Exception {
    Path home = createTempDir();
    TestSolr.install(home, "test", Map.of());
    TestSolr.install(home, "second", Map.of());
    TestSolr solr = TestSolr.start(home);
    BiEncoder shared = encoder(solr, "test");
    assertSame(shared, encoder(solr, "second"));
    solr.cores().unload("second");
    assertTrue(isOpen(shared));
    solr.close();
    assertFalse(isOpen(shared));
  }

  @Test
  public void reloadKeepsItWhileSearchesGoOn() throws Exception {
    try (TestSolr solr = TestSolr.start(createTempDir(), Map.of())) {
      solr.index(
          List.of(Map.of("id", "1", "title", "red shoe"), Map.of("id", "2", "title", "red")));
      BiEncoder before = encoder(solr, "test");
      ExecutorService clients = Executors.newFixedThreadPool(4);
      List<Future<?>> searches = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        searches.add(clients.submit(search(solr)));
      }
      solr.cores().reload("test");
      solr.cores().reload("test");
      for (Future<?> search : searches) {
        search.get();
      }
      clients.shutdown();
      assertSame(before, encoder(solr, "test"));
      assertTrue(isOpen(before));
    }
  }

  private static Callable<Void> search(TestSolr solr) {
    return () -> {
      String rq = "{!cascade name=products cache=false}";
      var answer = solr.search("q", "red", "rq", rq);
      assertEquals(2, answer.ids().size());
      assertFalse(answer.json().path("responseHeader").has("partialResults"));
      return null;
    };
  }

  @Test
  public void coreThatDoesNotLoadGivesItBack() throws Exception {
    Path home = createTempDir();
    TestSolr.install(home, "test", Map.of("cascade.model", "nothing"));
    TestSolr.install(home, "second", Map.of());
    TestSolr solr = TestSolr.start(home);
    assertFalse(solr.loadError().isEmpty());
    BiEncoder shared = encoder(solr, "second");
    assertTrue(isOpen(shared));
    solr.cores().unload("second");
    assertFalse(isOpen(shared));
    solr.close();
  }
}
