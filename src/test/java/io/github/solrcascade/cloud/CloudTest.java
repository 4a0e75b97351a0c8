package io.github.solrcascade.cloud;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import io.github.solrcascade.TestSolr;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.feature.CoreEncoders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;
import org.apache.solr.client.solrj.request.AbstractUpdateRequest;
import org.apache.solr.client.solrj.request.CollectionAdminRequest;
import org.apache.solr.client.solrj.request.QueryRequest;
import org.apache.solr.client.solrj.request.UpdateRequest;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.cloud.SolrCloudTestCase;
import org.apache.solr.common.SolrDocument;
import org.apache.solr.common.SolrInputDocument;
import org.apache.solr.common.util.NamedList;
import org.apache.solr.core.CoreContainer;
import org.apache.solr.core.SolrCore;

/** A real SolrCloud of a few nodes, with collections of the same products. */
@ThreadLeakScope(ThreadLeakScope.Scope.NONE)
public abstract class CloudTest extends SolrCloudTestCase {
  /** What features that depend on the time take for now. */
  protected static final String NOW = "1420070400000";

  private static final Path RESOURCES =
      Path.of(System.getProperty("basedir", "."), "src/test/resources").toAbsolutePath();

  private static final String[] WORDS = {
    "red", "blue", "running", "walking", "shoe", "boot", "laptop", "printer", "cable", "light"
  };

  /** The configset as a folder, that a test may change before it is uploaded. */
  protected static Path configset() throws Exception {
    Path conf = createTempDir().resolve("conf");
    Files.createDirectories(conf);
    for (String file :
        List.of(
            "schema.xml",
            "elevate.xml",
            "_schema_feature-store.json",
            "_schema_model-store.json")) {
      Files.copy(RESOURCES.resolve("solr/conf").resolve(file), conf.resolve(file));
    }
    Files.copy(RESOURCES.resolve("cloud/solrconfig.xml"), conf.resolve("solrconfig.xml"));
    return conf;
  }

  private static final String USER = "solr";
  private static final String PASSWORD = "SolrRocks";

  /** Basic authentication, for whoever asks and between nodes. */
  private static final String SECURITY =
      """
      {"authentication": {"class": "solr.BasicAuthPlugin", "blockUnknown": true, "credentials":
        {"solr": "IV0EHq1OnNrj6gvRCwvFwTrZ1+z1oBbnQdiVC3otuq0= Ndd7LKvVBAaZIF0QAVi1ekCfAJXr1GGfLtRUXhgrF8c="}}}
      """;

  /** The same with authentication. */
  protected static void startGuardedNodes(int count) throws Exception {
    System.setProperty("solr.allowPaths", "*");
    configureCluster(count).addConfig("conf", configset()).withSecurityJson(SECURITY).configure();
  }

  /** That of the first node, which all nodes of this JVM share. */
  protected static CrossEncoder crossEncoder() {
    CoreContainer node = cluster.getJettySolrRunner(0).getCoreContainer();
    try (SolrCore core = node.getCore(node.getAllCoreNames().get(0))) {
      return CoreEncoders.crossEncoder(core, "cross");
    }
  }

  /** Starts the nodes, which know the configset as {@code conf}. */
  protected static void startNodes(int count) throws Exception {
    System.setProperty("solr.allowPaths", "*");
    System.setProperty("metricsEnabled", "true");
    configureCluster(count).addConfig("conf", configset()).configure();
  }

  /** Makes a collection of as many shards, each of as many replicas. */
  protected static void create(String name, int shards, int replicas) throws Exception {
    create(name, "conf", shards, replicas);
  }

  /** The same of another configset. */
  protected static void create(String name, String configset, int shards, int replicas)
      throws Exception {
    CollectionAdminRequest.Create create =
        CollectionAdminRequest.createCollection(name, configset, shards, replicas);
    create.withProperty("cascade.models", TestSolr.MODELS.toString());
    send(create, null);
    cluster.waitForActiveCollection(name, shards, shards * replicas);
  }

  /** Products whose ids sort as numbers do. */
  protected static List<SolrInputDocument> products(int count, Random random) {
    List<SolrInputDocument> products = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      products.add(product(id, random));
    }
    return products;
  }

  private static SolrInputDocument product(int id, Random random) {
    SolrInputDocument product = new SolrInputDocument();
    product.setField("id", String.format(java.util.Locale.ROOT, "p%04d", id));
    // Few words, so that there are equal scores.
    product.setField(
        "title", random.nextInt(12) == 0 ? "plain lamp" : "red " + words(random, 2) + " shoe");
    if (random.nextInt(4) != 0) {
      product.setField("text", words(random, 6));
    }
    if (random.nextInt(4) != 0) {
      product.setField("popularity", random.nextInt(100));
    }
    if (random.nextInt(3) != 0) {
      product.setField("date", "20" + (10 + random.nextInt(15)) + "-03-01T00:00:00Z");
    }
    product.setField("brand", WORDS[random.nextInt(3)]);
    product.setField("price", random.nextInt(50));
    return product;
  }

  private static String words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return String.join(" ", words);
  }

  /** Adds documents in their order, and makes them visible. */
  protected static void index(String collection, List<SolrInputDocument> docs) throws Exception {
    for (SolrInputDocument doc : docs) {
      send(new UpdateRequest().add(doc), collection);
    }
    send(
        new UpdateRequest().setAction(AbstractUpdateRequest.ACTION.COMMIT, true, true), collection);
  }

  /** Sends a request, as a user who may. */
  protected static NamedList<Object> send(SolrRequest<?> request, String collection)
      throws Exception {
    request.setBasicAuthCredentials(USER, PASSWORD);
    return cluster.getSolrClient().request(request, collection);
  }

  /** A search with these parameters, names and values in turn. */
  protected static QueryResponse search(String collection, String... params) throws Exception {
    SolrQuery query = new SolrQuery();
    query.set("NOW", NOW);
    for (int i = 0; i < params.length; i += 2) {
      query.add(params[i], params[i + 1]);
    }
    QueryRequest request = new QueryRequest(query, SolrRequest.METHOD.POST);
    request.setBasicAuthCredentials(USER, PASSWORD);
    return request.process(cluster.getSolrClient(), collection);
  }

  /** The ids of the page's documents. */
  protected static List<String> ids(QueryResponse response) {
    return response.getResults().stream().map(doc -> "" + doc.getFieldValue("id")).toList();
  }

  /** The scores of the page's documents, by their ids. */
  protected static Map<String, Float> scores(QueryResponse response) {
    Map<String, Float> scores = new HashMap<>();
    for (SolrDocument doc : response.getResults()) {
      scores.put("" + doc.getFieldValue("id"), (Float) doc.getFieldValue("score"));
    }
    return scores;
  }

  /** What the response says of a cascade's stages. */
  protected static List<NamedList<?>> stages(QueryResponse response) {
    List<NamedList<?>> stages = new ArrayList<>();
    for (Object stage : (List<?>) response.getResponse()._get("cascade/stages")) {
      stages.add((NamedList<?>) stage);
    }
    return stages;
  }

  /** How each stage ended. */
  protected static List<Object> outcomes(QueryResponse response) {
    List<Object> outcomes = new ArrayList<>();
    stages(response).forEach(stage -> outcomes.add(stage.get("outcome")));
    return outcomes;
  }
}
