package io.github.solrcascade.demo;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.solr.client.solrj.impl.Http2SolrClient;
import org.apache.solr.core.SolrCore;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Solr over HTTP in this JVM, with one core, in a temporary Solr home that closing removes.
 * Thread-safe.
 */
public final class EmbeddedSolr implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedSolr.class);

  private final Path home;
  private final JettySolrRunner jetty;
  private final String core;

  private EmbeddedSolr(Path home, JettySolrRunner jetty, String core) {
    this.home = home;
    this.jetty = jetty;
    this.core = core;
  }

  /**
   * Starts it, on this machine's own address only.
   *
   * @param project holds {@code solr-conf}, whose configset {@code products} the core gets, and
   *     {@code models}
   * @param core its name
   * @param index what the core begins with; without it, it is empty
   * @param port 0 for any free one
   * @throws DemoException if the port is taken or the core does not load
   */
  public static EmbeddedSolr start(Path project, String core, Optional<KeptIndex> index, int port)
      throws Exception {
    Path home = Files.createTempDirectory("solr-cascade-");
    // Not for tests only: this is what binds Jetty to 127.0.0.1 instead of every address.
    System.setProperty("jetty.testMode", "true");
    JettyConfig config =
        JettyConfig.builder().setContext("/solr").setPort(port).withPortRetryTime(0).build();
    EmbeddedSolr solr = new EmbeddedSolr(home, new JettySolrRunner(home.toString(), config), core);
    Runtime.getRuntime().addShutdownHook(new Thread(solr::close));
    try {
      solr.makeHome(project);
      if (index.isPresent()) {
        index.get().copyTo(solr.indexFolder());
      }
      solr.startJetty(port);
      solr.refuseBrokenCore();
      return solr;
    } catch (Exception e) {
      solr.close();
      throw e;
    }
  }

  /** The core's own copy of the configset keeps models uploaded to the demo out of the project. */
  private void makeHome(Path project) throws IOException {
    Path conf = project.resolve("solr-conf");
    copy(conf.resolve("solr.xml"), home.resolve("solr.xml"));
    copy(conf.resolve("products/conf"), home.resolve(core).resolve("conf"));
    Files.createFile(home.resolve(core).resolve("core.properties"));
    Files.createSymbolicLink(home.resolve("models"), project.resolve("models").toAbsolutePath());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private void startJetty(int port) throws Exception {
    try {
      jetty.start();
    } catch (IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new DemoException("--port: " + port + ", is taken; try --port 0 for any free one", e);
      }
      throw e;
    }
  }

  private void refuseBrokenCore() {
    jetty.getCoreContainer().waitForLoadingCoresToFinish(600_000);
    var failure = jetty.getCoreContainer().getCoreInitFailures().get(core);
    if (failure != null) {
      throw new DemoException("Solr did not load " + core + ": " + failure.exception.getMessage());
    }
  }

  /** Where the core's index lies. */
  public Path indexFolder() {
    return home.resolve(core).resolve("data/index");
  }

  /** The core, the caller's to close. */
  public SolrCore core() {
    return jetty.getCoreContainer().getCore(core);
  }

  /** The core's address. */
  public String url() {
    return "http://localhost:" + jetty.getLocalPort() + "/solr/" + core;
  }

  /** A client of the core, the caller's to close. */
  public Http2SolrClient newClient() {
    return new Http2SolrClient.Builder(url()).useHttp1_1(true).build();
  }

  /** Stops Solr and removes its home; once is enough, and the JVM's end does it too. */
  @Override
  public synchronized void close() {
    try {
      try {
        jetty.stop();
      } finally {
        KeptIndex.delete(home);
      }
    } catch (Exception e) {
      log.warn("Solr in {} did not close cleanly", home, e);
    }
  }
}
