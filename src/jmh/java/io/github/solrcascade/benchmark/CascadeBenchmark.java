package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.QueryResult;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.RankerResult;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * What the demo's cascade adds to a search, in milliseconds and NDCG@10, against the 12-layer
 * cross-encoder on each of 100 candidates. Each query is searched once with each, in turn, and
 * nothing comes out of a cache.
 */
final class CascadeBenchmark {
  private static final String REFERENCE = "exhaustive";
  private static final String OURS = "products";

  /** The demo's cascade as it was before there was a student: shown, and not part of the ratio. */
  private static final String TWELVE_LAYERS = "teacher";

  private CascadeBenchmark() {}

  static void run(PrintStream out) throws Exception {
    List<RankerResult> results;
    try (DemoSolr demo = DemoSolr.start(0)) {
      List<Ranker> rankers =
          List.of(
              Ranker.FIRST_PASS,
              Ranker.ofCascade(REFERENCE, REFERENCE, ""),
              Ranker.ofCascade(OURS, OURS, ""),
              Ranker.ofCascade(TWELVE_LAYERS, TWELVE_LAYERS, ""));
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
          format("%.1f", result.addedMillis(firstPass, 50)),
          format("%.1f", result.addedMillis(firstPass, 95)));
    }
    table.lines().forEach(out::println);
    RankerResult twelve = results.get(3);
    RankerResult reference = results.get(1);
    RankerResult ours = results.get(2);
    out.println(
        format(
            "{\"ratio\":%.3f,\"share\":%.4f,\"referenceMs\":%.2f,\"oursMs\":%.2f,"
                + "\"referenceP95Ms\":%.2f,\"oursP95Ms\":%.2f,\"teacherP95Ms\":%.2f,"
                + "\"referenceNdcg10\":%.6f,\"oursNdcg10\":%.6f}",
            reference.addedMillis(firstPass, 50) / ours.addedMillis(firstPass, 50),
            ours.addedMillis(firstPass, 50) / reference.addedMillis(firstPass, 50),
            reference.addedMillis(firstPass, 50),
            ours.addedMillis(firstPass, 50),
            reference.addedMillis(firstPass, 95),
            ours.addedMillis(firstPass, 95),
            twelve.addedMillis(firstPass, 95),
            reference.mean(QueryResult::ndcg),
            ours.mean(QueryResult::ndcg)));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
