package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.JudgedSet.Query;
import io.github.solrcascade.demo.Latencies;
import io.github.solrcascade.demo.Ndcg;
import io.github.solrcascade.demo.Ranker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.SolrRequest;
import org.apache.solr.client.solrj.response.QueryResponse;

/**
 * Searches of many clients at once for the demo's judged queries.
 *
 * <p>Every second search is for a text that was never seen: a judged query in another mixture of
 * capitals, which no cache knows and every model reads alike, so that its ranking can be judged
 * too. Milliseconds are what the cascade added, as the response tells.
 */
final class MixedSearches {
  private final DemoSolr demo;
  private final List<Query> queries;

  MixedSearches(DemoSolr demo) {
    this.demo = demo;
    this.queries =
        demo.set().queries().stream().filter(q -> demo.set().qrels().hasPositive(q.id())).toList();
  }

  /**
   * One search.
   *
   * @param nanos what the cascade took
   * @param degraded whether it was cut short
   * @param ndcg how good the page is
   * @param ended when it ended, in {@code System.nanoTime}
   */
  record Answered(String query, long nanos, boolean degraded, double ndcg, long ended) {}

  /** What so many searches came to. */
  record Summary(long searches, Latencies added, double degraded, double ndcg) {
    static Summary of(Collection<Answered> all) {
      double degraded = all.stream().filter(Answered::degraded).count() / (double) all.size();
      long[] nanos = all.stream().mapToLong(Answered::nanos).toArray();
      return new Summary(all.size(), new Latencies(nanos), degraded, meanNdcg(all));
    }
  }

  /** The mean of the queries' means, so that it does not matter which were asked most. */
  private static double meanNdcg(Collection<Answered> all) {
    return all.stream()
        .collect(Collectors.groupingBy(Answered::query, Collectors.averagingDouble(Answered::ndcg)))
        .values()
        .stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }

  /** The demo's cascade under a budget; none if that is 0. */
  static String rankQuery(int budgetMs) {
    return Ranker.ofCascade("products", "products", budgetMs > 0 ? " budgetMs=" + budgetMs : "")
        .rankQuery()
        .orElseThrow();
  }

  /** NDCG@10 of the first pass alone. */
  double firstPass() throws Exception {
    double sum = 0;
    for (Query query : queries) {
      sum += search(query, query.text(), null).ndcg();
    }
    return sum / queries.size();
  }

  /** Searches for so long; a search that fails ends it with its error. */
  List<Answered> run(int clients, String rankQuery, int seconds, long seed) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Callable<List<Answered>>> calls = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      Random random = new Random(31 * seed + i);
      calls.add(() -> client(rankQuery, random, end));
    }
    List<Answered> all = new ArrayList<>();
    try {
      for (Future<List<Answered>> done : pool.invokeAll(calls)) {
        all.addAll(done.get());
      }
    } finally {
      pool.shutdown();
    }
    return all;
  }

  private List<Answered> client(String rankQuery, Random random, long end) throws Exception {
    List<Answered> answers = new ArrayList<>();
    while (System.nanoTime() < end) {
      Query query = queries.get(random.nextInt(queries.size()));
      String text = answers.size() % 2 == 0 ? query.text() : otherCapitals(query.text(), random);
      answers.add(search(query, text, rankQuery));
    }
    return answers;
  }

  private static String otherCapitals(String text, Random random) {
    StringBuilder other = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      other.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
    }
    // Spaces at the end tell short texts apart too.
    return other + " ".repeat(random.nextInt(200));
  }

  private Answered search(Query query, String text, String rankQuery) throws Exception {
    SolrQuery search = new SolrQuery(text).setRows(Evaluation.PAGE).setFields("id", "score");
    search.set("rq", rankQuery);
    QueryResponse response = demo.client().query(search, SolrRequest.METHOD.POST);
    List<String> ids =
        response.getResults().stream().map(d -> (String) d.getFieldValue("id")).toList();
    Object millis = response.getResponse()._get("cascade/ms");
    return new Answered(
        query.id(),
        millis == null ? 0 : (long) (1e6 * ((Number) millis).doubleValue()),
        Boolean.TRUE.equals(response.getHeader().get("partialResults")),
        Ndcg.at(Evaluation.PAGE, ids, demo.set().qrels().of(query.id())),
        System.nanoTime());
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
