package io.github.solrcascade.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server that answers rerank requests as a test wants it, over real HTTP on this machine. */
public final class RerankPeer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What it answers. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public static Reply ok(String body) {
      return new Reply(200, Map.of(), body);
    }

    public static Reply status(int status) {
      return new Reply(status, Map.of(), "{\"error\":\"no\"}");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private volatile Function<JsonNode, Reply> answer;

  public RerankPeer(Function<JsonNode, Reply> answer) throws IOException {
    this.answer = answer;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** From now on it answers otherwise. */
  public void answer(Function<JsonNode, Reply> other) {
    answer = other;
  }

  private void handle(HttpExchange exchange) throws IOException {
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      requests.add(request);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      Reply reply = answer.apply(request);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      underWay.decrementAndGet();
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/rerank";
  }

  public List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  public int mostUnderWay() {
    return mostUnderWay.get();
  }

  /**
   * Results in reverse order, a document's score being its length.
   *
   * @param key of the list of documents
   * @param form with places for index and score
   */
  public static String results(JsonNode request, String key, String form) {
    List<String> results = new ArrayList<>();
    JsonNode documents = request.path(key);
    for (int i = documents.size() - 1; i >= 0; i--) {
      results.add(String.format(Locale.ROOT, form, i, documents.get(i).asText().length()));
    }
    return "[" + String.join(",", results) + "]";
  }

  /** The same in the form that Cohere's API has. */
  public static Reply byLength(JsonNode request) {
    String form = "{\"index\":%d,\"relevance_score\":%d}";
    return Reply.ok("{\"results\":" + results(request, "documents", form) + "}");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
