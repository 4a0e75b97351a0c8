package io.github.solrcascade.demo;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.solr.client.solrj.SolrClient;
import org.apache.solr.client.solrj.SolrServerException;
import org.apache.solr.client.solrj.impl.Http2SolrClient;
import org.apache.solr.client.solrj.request.CollectionAdminRequest;
import org.apache.solr.cloud.MiniSolrCloudCluster;
import org.apache.solr.common.SolrException;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real SolrCloud in this JVM: nodes that talk over HTTP, a ZooKeeper, one collection. It lives in
 * a temporary folder that closing removes. Thread-safe.
 */
public final class EmbeddedCloud implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedCloud.class);
  private static final String CONFIGSET = "products";

  private final Path folder;
  private final MiniSolrCloudCluster cluster;
  private final String collection;
  private boolean closed;

  private EmbeddedCloud(Path folder, MiniSolrCloudCluster cluster, String collection) {
    this.folder = folder;
    this.cluster = cluster;
    this.collection = collection;
  }

  /**
   * Starts the nodes, on this machine's own address only, and makes an empty collection.
   *
   * @param project holds {@code solr-conf} and {@code models}
   * @param port the first node's; 0 for any free one
   * @throws DemoException if the port is taken or the collection cannot be made
   */
  public static EmbeddedCloud start(
      Path project, String collection, int nodes, int shards, int replicas, int port)
      throws Exception {
    System.setProperty("jetty.testMode", "true");
    Path folder = Files.createTempDirectory("solr-cascade-cloud-");
    String clauses = "<solr>\n  <int name=\"maxBooleanClauses\">65536</int>";
    String solrXml = MiniSolrCloudCluster.DEFAULT_CLOUD_SOLR_XML.replaceFirst("<solr>", clauses);
    JettyConfig config = JettyConfig.builder().setContext("/solr").build();
    MiniSolrCloudCluster cluster = new MiniSolrCloudCluster(0, folder, solrXml, config);
    EmbeddedCloud cloud = new EmbeddedCloud(folder, cluster, collection);
    Runtime.getRuntime().addShutdownHook(new Thread(cloud::close));
    try {
      for (int node = 1; node <= nodes; node++) {
        cloud.startNode("node" + node, project, node == 1 ? port : 0);
      }
      cluster.uploadConfigSet(project.resolve("solr-conf/products/conf"), CONFIGSET);
      cloud.create(shards, replicas);
      return cloud;
    } catch (Exception e) {
      cloud.close();
      throw e;
    }
  }

  private void startNode(String name, Path project, int port) throws Exception {
    JettyConfig config =
        JettyConfig.builder().setContext("/solr").setPort(port).withPortRetryTime(0).build();
    try {
      cluster.startJettySolrRunner(name, "/solr", config);
    } catch (IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new DemoException("--port: " + port + ", is taken; try --port 0 for any free one", e);
      }
      throw e;
    }
    // Model files are on each node's own disk: ZooKeeper is no place for them.
    Path models = project.resolve("models").toAbsolutePath();
    Files.createSymbolicLink(folder.resolve(name).resolve("models"), models);
  }

  private void create(int shards, int replicas) throws IOException, SolrServerException {
    try {
      CollectionAdminRequest.createCollection(collection, CONFIGSET, shards, replicas)
          .process(cluster.getSolrClient());
    } catch (SolrException e) {
      throw new DemoException("Solr did not make " + collection + ": " + e.getMessage(), e);
    }
    cluster.waitForActiveCollection(collection, shards, shards * replicas);
  }

  /** The collection's address at the first node. */
  public String url() {
    return nodes().get(0).getBaseUrl() + "/" + collection;
  }

  private List<JettySolrRunner> nodes() {
    return cluster.getJettySolrRunners();
  }

  /** A client of the collection at the first node, the caller's to close. */
  public SolrClient newClient() {
    return new Http2SolrClient.Builder(url()).useHttp1_1(true).build();
  }

  /** Stops all nodes and removes their folder; once is enough, and the JVM's end does it too. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      try {
        cluster.shutdown();
      } finally {
        KeptIndex.delete(folder);
      }
    } catch (Exception e) {
      log.warn("SolrCloud in {} did not close cleanly", folder, e);
    }
  }
}
