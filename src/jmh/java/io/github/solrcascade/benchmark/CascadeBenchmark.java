package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.Latencies;
import io.github.solrcascade.demo.QueryResult;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.RankerResult;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the demo's cascade adds to a search, in milliseconds and NDCG@10, against its cross-encoder
 * on each of 100 candidates. Each query is searched once with each, in turn, and nothing comes out
 * of a cache.
 */
final class CascadeBenchmark {
  private static final String REFERENCE = "exhaustive";
  private static final String OURS = "products";

  private CascadeBenchmark() {}

  static void run(PrintStream out) throws Exception {
    List<RankerResult> results;
    try (DemoSolr demo = DemoSolr.start(0)) {
      List<Ranker> rankers =
          List.of(
              Ranker.FIRST_PASS,
              Ranker.ofCascade(REFERENCE, REFERENCE, ""),
              Ranker.ofCascade(OURS, OURS, ""));
      results = new Evaluation(demo.set(), new Searcher(demo.client())).run(rankers, () -> {});
    }
    RankerResult firstPass = results.get(0);
    Table table = new Table();
    table.row("cascade", "NDCG@10", "condensed", "added p50 ms", "added p95 ms");
    for (RankerResult result : results) {
      table.row(
          result.ranker().name(),
          format("%.3f", result.mean(QueryResult::ndcg)),
          format("%.3f", result.mean(QueryResult::condensedNdcg)),
          format("%.1f", added(result, firstPass, 50)),
          format("%.1f", added(result, firstPass, 95)));
    }
    table.lines().forEach(out::println);
    RankerResult reference = results.get(1);
    RankerResult ours = results.get(2);
    out.println(
        format(
            "{\"ratio\":%.3f,\"share\":%.4f,\"referenceMs\":%.2f,\"oursMs\":%.2f,"
                + "\"referenceP95Ms\":%.2f,\"oursP95Ms\":%.2f,"
                + "\"referenceNdcg10\":%.6f,\"oursNdcg10\":%.6f}",
            added(reference, firstPass, 50) / added(ours, firstPass, 50),
            added(ours, firstPass, 50) / added(reference, firstPass, 50),
            added(reference, firstPass, 50),
            added(ours, firstPass, 50),
            added(reference, firstPass, 95),
            added(ours, firstPass, 95),
            reference.mean(QueryResult::ndcg),
            ours.mean(QueryResult::ndcg)));
  }

  /** A percentile of what each query took beyond the first pass. */
  private static double added(RankerResult result, RankerResult firstPass, int percent) {
    long[] added =
        IntStream.range(0, result.queries().size())
            .mapToLong(i -> result.queries().get(i).nanos() - firstPass.queries().get(i).nanos())
            .toArray();
    return new Latencies(added).millis(percent);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
