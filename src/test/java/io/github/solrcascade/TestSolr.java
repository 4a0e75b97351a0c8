package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.solr.core.CoreContainer;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** A real Solr over HTTP with one core, {@code test}, made from the test configuration. */
public final class TestSolr implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES =
      Path.of(System.getProperty("basedir", "."), "src/test/resources").toAbsolutePath();

  /** The folder of the tiny models. */
  public static final Path MODELS = RESOURCES.resolve("encoder");

  private final JettySolrRunner jetty;
  private final String url;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An answer: its status code and its JSON. */
  public record Answer(int status, JsonNode json) {
    /** The ids of the page's documents. */
    public List<String> ids() {
      List<String> ids = new ArrayList<>();
      docs().forEach(doc -> ids.add(doc.path("id").asText()));
      return ids;
    }

    /** The page's documents. */
    public JsonNode docs() {
      return json.path("response").path("docs");
    }

    /** The message of an error. */
    public String error() {
      return json.path("error").path("msg").asText();
    }
  }

  private TestSolr(JettySolrRunner jetty, String url) {
    this.jetty = jetty;
    this.url = url;
  }

  /** One that runs in another process. */
  static TestSolr at(String url) {
    return new TestSolr(null, url);
  }

  /** Its address. */
  public String url() {
    return url;
  }

  /**
   * Starts a Solr in an empty folder.
   *
   * @param home where it may write
   * @param properties what stands for {@code ${…}} in its configuration
   */
  public static TestSolr start(Path home, Map<String, String> properties) throws Exception {
    install(home, "test", properties);
    return start(home);
  }

  /** Starts a Solr with the cores that were installed in the folder. */
  public static TestSolr start(Path home) throws Exception {
    JettySolrRunner jetty =
        new JettySolrRunner(home.toString(), JettyConfig.builder().setContext("/solr").build());
    jetty.start();
    return new TestSolr(jetty, jetty.getBaseUrl().toString());
  }

  /**
   * Makes a core of the test configuration, to be changed before the Solr starts.
   *
   * @return its {@code conf} folder
   */
  public static Path install(Path home, String name, Map<String, String> properties)
      throws IOException {
    Path core = Files.createDirectories(home.resolve(name));
    Files.copy(
        RESOURCES.resolve("solr/solr.xml"),
        home.resolve("solr.xml"),
        StandardCopyOption.REPLACE_EXISTING);
    copy(RESOURCES.resolve("solr/conf"), core.resolve("conf"));
    Properties coreProperties = new Properties();
    coreProperties.setProperty("name", name);
    coreProperties.setProperty("cascade.models", MODELS.toString());
    coreProperties.putAll(properties);
    try (var out = Files.newOutputStream(core.resolve("core.properties"))) {
      coreProperties.store(out, null);
    }
    return core.resolve("conf");
  }

  /** Copies a folder with all that is in it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** The node. */
  public CoreContainer cores() {
    return jetty.getCoreContainer();
  }

  /** Why the core did not load, with the causes; empty if it did. */
  public String loadError() {
    var failure = cores().getCoreInitFailures().get("test");
    List<String> messages = new ArrayList<>();
    for (Throwable e = failure == null ? null : failure.exception; e != null; e = e.getCause()) {
      messages.add(String.valueOf(e.getMessage()));
    }
    return String.join("; ", messages);
  }

  /** A request whose parameters, names and values in turn, go into its body, however long. */
  public Answer get(String path, String... params) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form(params))));
  }

  /** A plain GET. */
  public Answer read(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** A search that must succeed. */
  public Answer search(String... params) throws Exception {
    Answer answer = get("/select", params);
    if (answer.status() != 200) {
      throw new AssertionError(answer.json().toPrettyString());
    }
    return answer;
  }

  /** A PUT of JSON. */
  public Answer put(String path, String json) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** A DELETE. */
  public Answer delete(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  /** Posts documents, or any other update. */
  public Answer update(String json, String... params) throws Exception {
    return send(
        HttpRequest.newBuilder(uri("/update", params))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Adds documents of {@code key, value, …} and commits, so that each call makes a segment. */
  public void index(List<Map<String, Object>> docs) throws Exception {
    Answer answer = update(JSON.writeValueAsString(docs), "commit", "true");
    if (answer.status() != 200) {
      throw new AssertionError(answer.json().toPrettyString());
    }
  }

  private URI uri(String path, String... params) {
    return URI.create(url + "/test" + path + "?wt=json" + form(params));
  }

  private static String form(String... params) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < params.length; i += 2) {
      form.append('&').append(encode(params[i])).append('=').append(encode(params[i + 1]));
    }
    return form.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    // Of a core that is gone only Jetty tells, in HTML.
    boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
    return new Answer(
        response.statusCode(), json ? JSON.readTree(response.body()) : MissingNode.getInstance());
  }

  @Override
  public void close() {
    try {
      if (jetty != null) {
        jetty.stop();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
