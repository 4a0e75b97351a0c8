package io.github.solrcascade.remote;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.config.ComponentConfig;
import io.github.solrcascade.encoder.EncoderException;
import io.github.solrcascade.encoder.Encoders;
import io.github.solrcascade.remote.RerankPeer.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.solr.common.util.NamedList;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What rerankers answer, do not answer and should not answer, over real connections. */
public class RemoteRerankerTest {
  private static final String KEY = "sk-very-secret";
  private static final List<String> DOCS = List.of("aaaa", "b", "ccc");
  private static final float[] LENGTHS = {4, 1, 3};

  private RerankPeer peer;

  @Before
  public void startPeer() throws Exception {
    peer = new RerankPeer(RerankPeer::byLength);
  }

  @After
  public void stopPeer() {
    peer.close();
  }

  /** Parsed as solrconfig.xml's are. */
  private static RemoteReranker reranker(String url, Object... keysAndValues) {
    NamedList<Object> list = new NamedList<>();
    list.add("name", "hosted");
    list.add("url", url);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      list.add((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    if (list.get("api") == null && list.get("mapping") == null) {
      list.add("api", "cohere");
    }
    NamedList<Object> args = new NamedList<>();
    args.add("reranker", list);
    return new RemoteReranker(ComponentConfig.parse(args).rerankers().get(0), KEY);
  }

  private static float[] score(RemoteReranker reranker) {
    return reranker.score("red shoe", DOCS, Deadline.NONE, note -> {});
  }

  private void assertDialect(String api, String json) {
    assertArrayEquals(LENGTHS, score(reranker(peer.url(), "api", api, "model", "m1")), 0);
    assertEquals(json, peer.requests().get(peer.requests().size() - 1).toString());
  }

  @Test
  public void cohere() {
    assertDialect(
        "cohere",
        "{\"model\":\"m1\",\"query\":\"red shoe\",\"documents\":[\"aaaa\",\"b\",\"ccc\"]}");
    assertEquals(List.of("Bearer " + KEY), peer.authorizations());
  }

  @Test
  public void jina() {
    assertDialect(
        "jina",
        "{\"model\":\"m1\",\"query\":\"red shoe\",\"documents\":[\"aaaa\",\"b\",\"ccc\"],\"return_documents\":false}");
  }

  @Test
  public void voyage() {
    String form = "{\"index\":%d,\"relevance_score\":%d}";
    peer.answer(
        request -> Reply.ok("{\"data\":" + RerankPeer.results(request, "documents", form) + "}"));
    assertArrayEquals(LENGTHS, score(reranker(peer.url(), "api", "voyage", "model", "m1")), 0);
    JsonNode request = peer.requests().get(0);
    assertTrue(request.path("truncation").asBoolean());
    assertEquals(3, request.path("documents").size());
  }

  @Test
  public void textEmbeddingsInference() {
    peer.answer(
        request -> Reply.ok(RerankPeer.results(request, "texts", "{\"index\":%d,\"score\":%d}")));
    assertArrayEquals(LENGTHS, score(reranker(peer.url(), "api", "tei")), 0);
    assertEquals(
        "{\"query\":\"red shoe\",\"texts\":[\"aaaa\",\"b\",\"ccc\"],\"truncate\":true}",
        peer.requests().get(0).toString());
  }

  @Test
  public void anyOtherByAMapping() {
    NamedList<Object> mapping = new NamedList<>();
    mapping.add("query", "question");
    mapping.add("documents", "passages");
    mapping.add("results", "ranking");
    mapping.add("index", "position");
    mapping.add("score", "logit");
    String form = "{\"position\":%d,\"logit\":%d}";
    peer.answer(
        request -> Reply.ok("{\"ranking\":" + RerankPeer.results(request, "passages", form) + "}"));
    assertArrayEquals(LENGTHS, score(reranker(peer.url(), "mapping", mapping)), 0);
    assertEquals("red shoe", peer.requests().get(0).path("question").asText());
  }

  private void assertFails(String message, int requests, Object... keysAndValues) {
    int before = peer.requests().size();
    RemoteReranker reranker = reranker(peer.url(), keysAndValues);
    RemoteException e = assertThrows(RemoteException.class, () -> score(reranker));
    assertThat(e.getMessage(), containsString(message));
    assertThat(String.valueOf(e.getCause()) + e.getMessage(), not(containsString(KEY)));
    assertEquals(message, requests, peer.requests().size() - before);
  }

  @Test
  public void refusalsAreNotRepeated() {
    for (int status : new int[] {201, 204, 400, 401, 403, 404, 413, 422, 500}) {
      peer.answer(request -> new Reply(status, Map.of(), ""));
      assertFails("answered with status " + status, 1);
    }
  }

  @Test
  public void whatFailsForNowIsTriedAgain() {
    for (int status : new int[] {429, 502, 503, 504}) {
      AtomicInteger calls = new AtomicInteger();
      peer.answer(
          request ->
              calls.incrementAndGet() == 1
                  ? new Reply(status, Map.of("Retry-After", "0"), "")
                  : RerankPeer.byLength(request));
      assertArrayEquals(LENGTHS, score(reranker(peer.url())), 0);
      assertEquals(2, calls.get());
    }
  }

  @Test
  public void triesHaveAnEnd() {
    peer.answer(request -> Reply.status(503));
    assertFails("answered with status 503", 3, "retries", 2);
    assertFails("answered with status 503", 1, "retries", 0);
  }

  @Test
  public void thereIsNoOtherTryWithoutTimeForIt() {
    peer.answer(request -> new Reply(429, Map.of("Retry-After", "60"), ""));
    long start = System.nanoTime();
    assertFails("answered with status 429", 1, "retries", 5);
    assertTrue(System.nanoTime() - start < 2_000_000_000L);
  }

  @Test
  public void redirectsAreNotFollowed() throws Exception {
    try (RerankPeer other = new RerankPeer(RerankPeer::byLength)) {
      for (int status : new int[] {301, 302, 307, 308}) {
        peer.answer(request -> new Reply(status, Map.of("Location", other.url()), ""));
        assertFails("answered with status " + status, 1);
      }
      assertEquals(List.of(), other.requests());
    }
  }

  @Test
  public void answersThatAreWrongAreRefused() {
    String[][] wrong = {
      {"", "gave no list of results for 3 documents"},
      {"<html>", "gave what is not JSON"},
      {"{\"results\":[", "gave what is not JSON"},
      {"{}", "gave no list of results for 3 documents"},
      {"{\"results\":{}}", "gave no list of results for 3 documents"},
      {"{\"results\":[[0,1],[1,1]]}", "gave 2 results for 3 documents"},
      {"{\"results\":[[0,1],[1,1],[2,1],[3,1]]}", "gave 4 results for 3 documents"},
      {"{\"results\":[[0,1],[1,1],[1,1]]}", "gave index 1 twice"},
      {"{\"results\":[[0,1],[1,1],[3,1]]}", "gave index 3, must be from 0 to 2"},
      {"{\"results\":[[0,1],[1,1],[-1,1]]}", "gave index -1, must be from 0 to 2"},
      {"{\"results\":[[0,1],[1,1],[\"2\",1]]}", "gave index \"2\", must be from 0 to 2"},
      {"{\"results\":[[0,1],[1,1],[2,NaN]]}", "gave what is not JSON"},
      {"{\"results\":[[0,1],[1,1],[2,1e999]]}", "gave score "},
      {"{\"results\":[[0,1],[1,1],[2,\"NaN\"]]}", "gave score \"NaN\", must be a finite number"},
      {"{\"results\":[[0,1],[1,1],[2,null]]}", "gave score null, must be a finite number"},
      {"{\"results\":[1,2,3]}", "gave index none, must be from 0 to 2"},
    };
    for (String[] each : wrong) {
      String body =
          each[0].replaceAll("\\[([^\\[,]+),([^\\],]+)]", "{\"index\":$1,\"relevance_score\":$2}");
      peer.answer(request -> Reply.ok(body));
      assertFails(each[1], 1);
    }
  }

  @Test
  public void nobodyThere() {
    String url = peer.url();
    peer.close();
    RemoteReranker reranker = reranker(url);
    RemoteException e = assertThrows(RemoteException.class, () -> score(reranker));
    assertThat(e.getMessage(), containsString("could not be reached: "));
  }

  /** Answers every connection in this way, byte by byte. */
  private static void withSocket(Consumer<Socket> connection, SocketTest test) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> accept(server, threads, connection));
      test.run("http://127.0.0.1:" + server.getLocalPort() + "/");
    } finally {
      threads.shutdownNow();
    }
  }

  private static void accept(
      ServerSocket server, ExecutorService threads, Consumer<Socket> connection) {
    try {
      while (true) {
        Socket socket = server.accept();
        threads.execute(() -> connection.accept(socket));
      }
    } catch (IOException | RejectedExecutionException e) {
      return; // the test is over
    }
  }

  @FunctionalInterface
  private interface SocketTest {
    void run(String url) throws Exception;
  }

  @Test
  public void droppedConnections() throws Exception {
    withSocket(
        socket -> {
          try (socket) {
            socket.getInputStream().read();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        url -> {
          RemoteReranker reranker = reranker(url);
          RemoteException e = assertThrows(RemoteException.class, () -> score(reranker));
          assertThat(e.getMessage(), containsString("could not be reached: "));
        });
  }

  private static void trickle(Socket socket) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      String head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 10_000; i++) {
        out.write(' ');
        out.flush();
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      return; // the client has gone, or the test is over
    }
  }

  @Test
  public void slowBytes() throws Exception {
    withSocket(
        RemoteRerankerTest::trickle,
        url -> {
          RemoteReranker patient = reranker(url, "timeoutMs", 300);
          RemoteException e = assertThrows(RemoteException.class, () -> score(patient));
          assertEquals("reranker 'hosted' did not answer in 300 ms", e.getMessage());

          RemoteReranker hurried = reranker(url, "timeoutMs", 60_000);
          assertThrows(
              OutOfTime.class,
              () -> hurried.score("red", DOCS, Deadline.ofMillis(200), note -> {}));
          AtomicInteger asked = new AtomicInteger();
          Deadline limits = Deadline.NONE.and(() -> asked.incrementAndGet() > 10);
          assertThrows(OutOfTime.class, () -> hurried.score("red", DOCS, limits, note -> {}));
        });
  }

  @Test
  public void answersWithoutEnd() {
    peer.answer(request -> Reply.ok(" ".repeat(200_000)));
    assertFails("more than 103000 bytes", 1, "retries", 0);
  }

  @Test
  public void manyDocumentsAreSplitAndItIsSaid() {
    RemoteReranker reranker = reranker(peer.url(), "maxDocuments", 3);
    List<String> docs = List.of("1", "22", "333", "4444", "55555", "666666", "7777777");
    List<String> notes = new ArrayList<>();
    assertArrayEquals(
        new float[] {1, 2, 3, 4, 5, 6, 7}, reranker.score("q", docs, Deadline.NONE, notes::add), 0);
    assertEquals(
        List.of(3, 3, 1),
        peer.requests().stream().map(request -> request.path("documents").size()).toList());
    assertEquals(List.of("reranker 'hosted': 7 documents sent in 3 requests"), notes);
    float[] few = reranker.score("q", docs.subList(0, 3), Deadline.NONE, notes::add);
    assertEquals(3, few.length);
    assertEquals(1, notes.size());
  }

  @Test
  public void longDocumentsAreCutAndItIsSaid() {
    RemoteReranker reranker = reranker(peer.url(), "maxCharacters", 5);
    List<String> docs = List.of("1234567", "1234\uD83D\uDC5F", "12345");
    List<String> notes = new ArrayList<>();
    assertArrayEquals(
        new float[] {5, 4, 5}, reranker.score("q", docs, Deadline.NONE, notes::add), 0);
    assertEquals(List.of("reranker 'hosted': 2 of 3 documents cut at 5 characters"), notes);
  }

  @Test
  public void whatItDoesIsCounted() {
    Encoders.reserveCache(1);
    try {
      AtomicInteger calls = new AtomicInteger();
      peer.answer(
          request ->
              calls.incrementAndGet() == 1 ? Reply.status(503) : RerankPeer.byLength(request));
      RemoteReranker reranker = reranker(peer.url(), "maxDocuments", 2);
      assertArrayEquals(LENGTHS, score(reranker), 0);
      List<String> more = List.of("aaaa", "dd");
      assertEquals(2, reranker.score("red shoe", more, Deadline.NONE, note -> {}).length);
      peer.answer(request -> Reply.status(400));
      assertThrows(
          RemoteException.class, () -> reranker.score("blue", DOCS, Deadline.NONE, note -> {}));

      RerankerStatistics counted = reranker.statistics();
      assertEquals(3 + 1 + 1, counted.requests());
      assertEquals(1, counted.retries());
      assertEquals(1, counted.failures());
      assertEquals(2 + 2 + 1 + 1 + 2, counted.documents());
      assertEquals(1, counted.cacheHits());
      assertTrue(counted.requestMsP50() > 0 && counted.requestMsP99() >= counted.requestMsP50());
    } finally {
      Encoders.releaseCache(1);
    }
  }

  @Test
  public void nothingIsAskedTwice() {
    Encoders.reserveCache(1);
    try {
      RemoteReranker reranker = reranker(peer.url());
      assertArrayEquals(LENGTHS, score(reranker), 0);
      assertArrayEquals(LENGTHS, score(reranker), 0);
      assertEquals(1, peer.requests().size());
      List<String> more = List.of("ccc", "dd", "aaaa", "dd");
      assertArrayEquals(
          new float[] {3, 2, 4, 2}, reranker.score("red shoe", more, Deadline.NONE, note -> {}), 0);
      assertEquals(1, peer.requests().get(1).path("documents").size());
      peer.answer(request -> Reply.status(500));
      assertThrows(
          RemoteException.class, () -> reranker.score("blue", DOCS, Deadline.NONE, note -> {}));
      peer.answer(RerankPeer::byLength);
      assertArrayEquals(LENGTHS, reranker.score("blue", DOCS, Deadline.NONE, note -> {}), 0);
    } finally {
      Encoders.releaseCache(1);
    }
  }

  @Test
  public void whatKeepsFailingIsSwitchedOff() {
    peer.answer(request -> Reply.status(500));
    RemoteReranker reranker = reranker(peer.url());
    for (int i = 0; i < 5; i++) {
      assertThrows(RemoteException.class, () -> score(reranker));
    }
    EncoderException e = assertThrows(EncoderException.class, () -> score(reranker));
    assertThat(e.getMessage(), containsString("reranker 'hosted' is switched off after 5"));
    assertThat(e.getMessage(), containsString("answered with status 500"));
    assertTrue(reranker.statistics().switchedOff());
    assertEquals(5, peer.requests().size());
  }

  @Test
  public void noMoreRequestsAtATimeThanAllowed() throws Exception {
    peer.answer(
        request -> {
          try {
            Thread.sleep(30);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return RerankPeer.byLength(request);
        });
    RemoteReranker reranker = reranker(peer.url(), "maxConcurrent", 2, "timeoutMs", 30_000);
    ExecutorService callers = Executors.newFixedThreadPool(8);
    List<Future<float[]>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String query = "q" + i;
      answers.add(callers.submit(() -> reranker.score(query, DOCS, Deadline.NONE, note -> {})));
    }
    for (Future<float[]> answer : answers) {
      assertArrayEquals(LENGTHS, answer.get(), 0);
    }
    callers.shutdown();
    assertTrue(peer.mostUnderWay() + " at a time", peer.mostUnderWay() <= 2);
  }
}
