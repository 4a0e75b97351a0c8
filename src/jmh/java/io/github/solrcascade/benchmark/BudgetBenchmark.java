package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.JudgedSet.Query;
import io.github.solrcascade.demo.Latencies;
import io.github.solrcascade.demo.Ndcg;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.util.ArrayList;
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
 * Latency and quality of the demo's cascade under time budgets, with eight clients at once.
 *
 * <p>Every second search is for a text that was never seen: a judged query in another mixture of
 * capitals, which no cache knows and every model reads alike, so that its ranking can be judged
 * too. Milliseconds are what the cascade added, as the response tells.
 */
final class BudgetBenchmark {
  private static final int CLIENTS = 8;
  private static final int SECONDS = 25;
  private static final int WARM_UP_SECONDS = 8;

  /** 0 is none. */
  private static final int[] BUDGETS = {25, 50, 100, 200, 0};

  private final List<Query> queries;
  private final DemoSolr demo;

  private BudgetBenchmark(DemoSolr demo) {
    this.demo = demo;
    this.queries =
        demo.set().queries().stream().filter(q -> demo.set().qrels().hasPositive(q.id())).toList();
  }

  /** One search: what the cascade took, whether it was cut short, how good the page is. */
  private record Answered(String query, long nanos, boolean degraded, double ndcg) {}

  static void run(PrintStream out) throws Exception {
    Table table = new Table();
    table.row("budget ms", "searches", "added p50 ms", "p99 ms", "degraded", "NDCG@10");
    List<String> entries = new ArrayList<>();
    double firstPass = 0;
    for (int budget : BUDGETS) {
      // Each from a node that has no scores yet.
      try (DemoSolr demo = DemoSolr.start(64)) {
        BudgetBenchmark benchmark = new BudgetBenchmark(demo);
        firstPass = benchmark.firstPass();
        benchmark.searches(rankQuery(budget), WARM_UP_SECONDS, -1);
        List<Answered> all = benchmark.searches(rankQuery(budget), SECONDS, budget);
        entries.add(report(table, budget, all));
      }
    }
    table.lines().forEach(out::println);
    out.printf(Locale.ROOT, "The first pass alone: NDCG@10 %.3f%n", firstPass);
    out.printf(
        Locale.ROOT,
        "{\"budgets\":[%s],\"clients\":%d,\"firstPassNdcg10\":%.6f}%n",
        String.join(",", entries),
        CLIENTS,
        firstPass);
  }

  private static String rankQuery(int budget) {
    return Ranker.ofCascade("products", "products", budget > 0 ? " budgetMs=" + budget : "")
        .rankQuery()
        .orElseThrow();
  }

  private static String report(Table table, int budget, List<Answered> all) {
    Latencies added = new Latencies(all.stream().mapToLong(Answered::nanos).toArray());
    double degraded = all.stream().filter(Answered::degraded).count() / (double) all.size();
    double ndcg = ndcg(all);
    table.row(
        budget > 0 ? String.valueOf(budget) : "none",
        String.valueOf(all.size()),
        format("%.1f", added.millis(50)),
        format("%.1f", added.millis(99)),
        format("%.0f%%", 100 * degraded),
        format("%.3f", ndcg));
    return format(
        "{\"budgetMs\":%s,\"p50Ms\":%.2f,\"p99Ms\":%.2f,\"degraded\":%.4f,\"ndcg10\":%.6f,"
            + "\"searches\":%d}",
        budget > 0 ? budget : "null",
        added.millis(50),
        added.millis(99),
        degraded,
        ndcg,
        all.size());
  }

  /** The mean of the queries' means, so that it does not matter which were asked most. */
  private static double ndcg(List<Answered> all) {
    return all.stream()
        .collect(Collectors.groupingBy(Answered::query, Collectors.averagingDouble(Answered::ndcg)))
        .values()
        .stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private double firstPass() throws Exception {
    double sum = 0;
    for (Query query : queries) {
      sum += search(query, query.text(), null).ndcg();
    }
    return sum / queries.size();
  }

  private List<Answered> searches(String rankQuery, int seconds, long seed) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Callable<List<Answered>>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(31 * seed + i);
      clients.add(() -> client(rankQuery, random, end));
    }
    List<Answered> all = new ArrayList<>();
    for (Future<List<Answered>> done : pool.invokeAll(clients)) {
      all.addAll(done.get());
    }
    pool.shutdown();
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
        Ndcg.at(Evaluation.PAGE, ids, demo.set().qrels().of(query.id())));
  }
}
