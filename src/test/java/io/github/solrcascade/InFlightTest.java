package io.github.solrcascade;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import io.github.solrcascade.TestSolr.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.solr.SolrTestCase;
import org.apache.solr.common.SolrException;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What happens to a core while searches are under way costs none of them a document. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class InFlightTest extends SolrTestCase {
  private static final int DOCS = 30;
  private static final int CLIENTS = 6;

  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private Path models;
  private TestSolr solr;

  @Before
  public void startSolr() throws Exception {
    Path home = createTempDir();
    models = createTempDir();
    for (String model : List.of("tiny-bi-encoder", "tiny-cross-encoder", "tiny-late-interaction")) {
      TestSolr.copy(TestSolr.MODELS.resolve(model), models.resolve(model));
    }
    solr = TestSolr.start(home, Map.of("cascade.models", models.toString()));
    assertEquals("", solr.loadError());
    RandomProducts.index(solr, DOCS, 4, random());
  }

  @After
  public void stopSolr() {
    over.set(true);
    clients.shutdown();
    solr.close();
  }

  private static Answer search(TestSolr solr, int number) throws Exception {
    // Each for a text that no cache knows, so that models run.
    String rq = "{!cascade name=products efi.text='red shoe " + number + "'}";
    return solr.get("/select", "q", "*:*", "rq", rq, "rows", "100", "fl", "id");
  }

  private List<Future<?>> searchOn() throws Exception {
    TreeSet<String> all = new TreeSet<>(search(solr, 0).ids());
    assertEquals(DOCS, all.size());
    List<Future<?>> searches = new ArrayList<>();
    for (int i = 1; i <= CLIENTS; i++) {
      int first = 1_000_000 * i;
      searches.add(clients.submit(() -> searchUntilOver(first, all)));
    }
    while (answered.get() < 20) {
      Thread.onSpinWait();
    }
    return searches;
  }

  private Void searchUntilOver(int first, TreeSet<String> all) throws Exception {
    for (int i = 0; !over.get(); i++) {
      Answer answer = search(solr, first + i);
      if (answer.status() == 404) {
        return null; // the core is gone
      }
      assertEquals(answer.json().toString(), 200, answer.status());
      assertEquals(all, new TreeSet<>(answer.ids()));
      assertFalse(
          answer.json().path("cascade").toString(),
          answer.json().path("responseHeader").path("partialResults").asBoolean());
      answered.incrementAndGet();
    }
    return null;
  }

  private void end(List<Future<?>> searches) throws Exception {
    over.set(true);
    for (Future<?> search : searches) {
      search.get();
    }
  }

  @Test
  public void aReload() throws Exception {
    List<Future<?>> searches = searchOn();
    for (int i = 0; i < 5; i++) {
      solr.cores().reload("test");
    }
    int before = answered.get();
    while (answered.get() < before + 20) {
      Thread.onSpinWait();
    }
    end(searches);
  }

  @Test
  public void aCommit() throws Exception {
    List<Future<?>> searches = searchOn();
    for (int i = 0; i < 10; i++) {
      // The same document again: another segment, the same documents.
      solr.index(List.of(Map.of("id", "0", "title", "red shoe")));
    }
    end(searches);
  }

  @Test
  public void theCoreCloses() throws Exception {
    List<Future<?>> searches = searchOn();
    solr.cores().unload("test");
    end(searches);
    assertTrue(answered.get() >= 20);
  }

  @Test
  public void theModelsFilesDisappear() throws Exception {
    List<Future<?>> searches = searchOn();
    for (String model : List.of("tiny-bi-encoder", "tiny-cross-encoder", "tiny-late-interaction")) {
      try (Stream<Path> files = Files.list(models.resolve(model))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    int before = answered.get();
    while (answered.get() < before + 20) {
      Thread.onSpinWait();
    }
    SolrException failure = assertThrows(SolrException.class, () -> solr.cores().reload("test"));
    assertTrue(failure.getMessage(), failure.getMessage().contains("Unable to reload core [test]"));
    before = answered.get();
    while (answered.get() < before + 20) {
      Thread.onSpinWait();
    }
    end(searches);
  }
}
