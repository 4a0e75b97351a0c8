package io.github.solrcascade.cloud;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.solr.client.solrj.SolrServerException;
import org.apache.solr.client.solrj.response.QueryResponse;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.util.NamedList;

/**
 * Clients that search on and on. Each page is compared with the known one: that of the whole
 * cascade, or, if it is flagged, that of the stages which completed. An error is none of theirs if
 * it is the client's fault or the cascade's; others are counted.
 *
 * <p>{@code -Dcascade.loadSeconds=60} searches for longer than a build wants to.
 */
final class SearchLoad implements AutoCloseable {
  private static final int SECONDS = Integer.getInteger("cascade.loadSeconds", 5);

  /** A search that may fail. */
  @FunctionalInterface
  interface Search {
    QueryResponse run() throws Exception;
  }

  private final List<QueryResponse> known;
  private final Search search;
  private final ExecutorService clients;
  private final List<Future<?>> running = new ArrayList<>();
  private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
  private final AtomicInteger right = new AtomicInteger();
  private final AtomicInteger flagged = new AtomicInteger();
  private final Map<String, Integer> errors = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * Starts them.
   *
   * @param known the page after no stage, after the first, and so on to all of them
   */
  SearchLoad(int count, List<QueryResponse> known, Search search) {
    this.known = known;
    this.search = search;
    clients = Executors.newFixedThreadPool(count);
    for (int i = 0; i < count; i++) {
      running.add(clients.submit(this::searchOn));
    }
  }

  private Void searchOn() throws Exception {
    while (!stopped) {
      try {
        check(search.run());
      } catch (SolrException | SolrServerException e) {
        count(e);
        Thread.sleep(10);
      }
    }
    return null;
  }

  private void check(QueryResponse found) {
    NamedList<?> section = (NamedList<?>) found.getResponse().get("cascade");
    // A page of the cache was whole when it came there.
    List<Object> outcomes = section.get("stages") == null ? List.of() : CloudTest.outcomes(found);
    int completed = 0;
    while (completed < outcomes.size() && outcomes.get(completed).equals("completed")) {
      completed++;
    }
    boolean whole = completed == outcomes.size();
    QueryResponse expected = known.get(whole ? known.size() - 1 : completed);
    assertEquals(
        "" + found.getHeader() + outcomes,
        whole ? null : true,
        found.getHeader().get("partialResults"));
    assertEquals("" + outcomes, CloudTest.ids(expected), CloudTest.ids(found));
    Map<String, Float> scores = CloudTest.scores(found);
    CloudTest.scores(expected).forEach((id, score) -> assertEquals(score, scores.get(id), 1e-5));
    (whole ? right : flagged).incrementAndGet();
  }

  private void count(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("cascade") || (e instanceof SolrException solr && solr.code() < 500)) {
      throw new AssertionError("not an error of Solr's own", e);
    }
    Throwable cause = SolrException.getRootCause(e);
    errors.merge(
        cause.getClass().getSimpleName() + ": " + message.replaceAll("[0-9]+", "N"),
        1,
        Integer::sum);
  }

  /** Whether there is time for more. */
  boolean goesOn() {
    return System.nanoTime() < end;
  }

  /** Waits until so many more pages were right. */
  void await(int more) throws Exception {
    int enough = right.get() + more;
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (right.get() < enough && System.nanoTime() < patience) {
      throwWhatBroke();
      Thread.sleep(20);
    }
    assertTrue("searches go on: " + this, right.get() >= enough);
  }

  private void throwWhatBroke() throws Exception {
    for (Future<?> each : running) {
      if (each.isDone()) {
        each.get();
      }
    }
  }

  /** Ends the load, and fails if a page was wrong. */
  void end() throws Exception {
    stopped = true;
    for (Future<?> each : running) {
      each.get();
    }
  }

  int flagged() {
    return flagged.get();
  }

  /** Solr's own errors, and how often each came. */
  Map<String, Integer> errors() {
    return Map.copyOf(errors);
  }

  @Override
  public String toString() {
    return right + " pages right, " + flagged + " flagged, errors " + errors;
  }

  @Override
  public void close() {
    stopped = true;
    clients.shutdownNow();
  }
}
