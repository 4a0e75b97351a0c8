package io.github.solrcascade;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import io.github.solrcascade.TestSolr.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.solr.SolrTestCase;
import org.apache.solr.core.SolrCore;
import org.junit.Test;

/** A Solr in a process of its own: told to end, and under Java's security manager. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public class ProcessTest extends SolrTestCase {
  private static final Path BASE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
  private static final int DOCS = 30;

  /** A home with its models inside, where Solr may read them. */
  private static Path home() throws Exception {
    Path home = createTempDir().toRealPath();
    TestSolr.install(home, "test", Map.of("cascade.models", "models"));
    for (String model : List.of("tiny-bi-encoder", "tiny-cross-encoder", "tiny-late-interaction")) {
      TestSolr.copy(
          TestSolr.MODELS.resolve(model),
          Files.createDirectories(home.resolve("models")).resolve(model));
    }
    return home;
  }

  private static ChildJvm start(Path home, String... options) throws Exception {
    List<String> main = List.of(ServingSolr.class.getName(), home.toString());
    return new ChildJvm(createTempDir(), List.of(options), main);
  }

  private static TestSolr await(ChildJvm child) throws Exception {
    assertEquals("", child.await("error "));
    return TestSolr.at(child.await("serves "));
  }

  private static Answer search(TestSolr solr, int number) throws Exception {
    String rq = "{!cascade name=products efi.text='red shoe " + number + "'}";
    return solr.get("/select", "q", "*:*", "rq", rq, "rows", "100", "fl", "id");
  }

  @Test
  public void toldToEndWhileItSearches() throws Exception {
    Path home = home();
    AtomicInteger answered = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(6);
    try (ChildJvm child = start(home)) {
      TestSolr solr = await(child);
      RandomProducts.index(solr, DOCS, 0, random());
      List<Future<?>> searches = new ArrayList<>();
      for (int client = 1; client <= 6; client++) {
        int first = client * 1_000_000;
        searches.add(
            clients.submit(
                () -> {
                  for (int i = 0; ; i++) {
                    Answer answer = search(solr, first + i);
                    if (answer.status() != 200) {
                      return null; // it said that it ends
                    }
                    assertEquals(DOCS, answer.ids().size());
                    answered.incrementAndGet();
                  }
                }));
      }
      while (answered.get() < 50) {
        Thread.onSpinWait();
      }
      child.terminate();
      // 128 and the signal's number: it ended by the signal, not by a crash on the way.
      assertEquals(String.join("\n", child.awaitAll()), 143, child.exitCode());
      for (Future<?> search : searches) {
        try {
          search.get();
        } catch (java.util.concurrent.ExecutionException e) {
          assertTrue(e.toString(), e.getCause() instanceof java.io.IOException);
        }
      }
    }
    clients.shutdown();
    try (ChildJvm again = start(home)) {
      Answer answer = search(await(again), 0);
      assertEquals(200, answer.status());
      assertEquals(DOCS, answer.ids().size());
    }
  }

  @Test
  public void underTheSecurityManager() throws Exception {
    Path home = home();
    String readme = Files.readString(BASE.resolve("README.md"));
    int start = readme.indexOf("   grant {");
    String grants = readme.substring(start, readme.indexOf("```", start));
    assertServes(home, grants);
  }

  @Test
  public void underTheSecurityManagerWithoutTheGrants() throws Exception {
    Path home = home();
    try (ChildJvm child = start(home, securityManager(home, ""))) {
      String error = child.await("error ");
      assertTrue(error, error.contains("native library cannot be loaded, Solr's security manager"));
    }
  }

  private static void assertServes(Path home, String grants) throws Exception {
    try (ChildJvm child = start(home, securityManager(home, grants))) {
      TestSolr solr = await(child);
      RandomProducts.index(solr, DOCS, 0, random());
      Answer answer = search(solr, 0);
      assertEquals(answer.json().toString(), 200, answer.status());
      assertEquals(DOCS, answer.ids().size());
      assertEquals(
          "completed",
          answer.json().path("cascade").path("stages").path(2).path("outcome").asText());
    }
  }

  /** As bin/solr sets it; what it calls the installation are here the places of the classes. */
  private static String[] securityManager(Path home, String grants) throws Exception {
    Path policy = Files.createTempFile(createTempDir(), "security", ".policy");
    String solrs = Files.readString(BASE.resolve("src/test/resources/solr/security.policy"));
    Files.writeString(policy, solrs + grants, UTF_8);
    Path jar = Path.of(SolrCore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    // …/org/apache/solr/solr-core/VERSION/solr-core.jar
    Path repository = jar.getParent().getParent().getParent().getParent().getParent().getParent();
    return new String[] {
      "-Djava.security.manager",
      "-Djava.security.policy==" + policy,
      "-Dsolr.install.dir=" + repository,
      "-Djetty.home=" + BASE.resolve("target"),
      "-Dsolr.solr.home=" + home,
      "-Dsolr.internal.network.permission=*"
    };
  }
}
