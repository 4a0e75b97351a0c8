package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.QueryResult;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.RankerResult;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The pairs that the demo's cross-encoder scores for a query, and NDCG@10: with its stage at full
 * depth and with the configured margin, for the demo's cascade and for one whose last stage is
 * deeper; and with other margins, to choose one.
 */
final class AdaptiveBenchmark {
  private static final String CASCADE = "products";
  private static final String DEEPER = "generous";
  private static final double[] MARGINS = {0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3};

  private AdaptiveBenchmark() {}

  static void run(PrintStream out, List<Path> sets) throws Exception {
    System.setProperty("cascade.generous", "true");
    Table table = table();
    List<String> entries = new ArrayList<>();
    for (Path data : sets) {
      try (DemoSolr demo = DemoSolr.start(0, data)) {
        for (String cascade : List.of(CASCADE, DEEPER)) {
          List<Ranker> rankers =
              List.of(
                  Ranker.ofCascade(cascade + ", full", cascade, " adaptive=false"),
                  Ranker.ofCascade(cascade + ", adaptive", cascade, ""));
          List<RankerResult> results = evaluate(demo, rankers, table);
          entries.add(entry(demo.set().name(), cascade, results.get(0), results.get(1)));
        }
      }
    }
    table.lines().forEach(out::println);
    // The deeper cascade on the demo's set first: the last line's own figures are of one.
    String first = entries.get(1);
    out.println(
        first.substring(0, first.length() - 1) + ",\"sets\":[" + String.join(",", entries) + "]}");
  }

  /** A row of margins, and full depth, over one judged set. */
  static void margins(PrintStream out, Path data) throws Exception {
    System.setProperty("cascade.generous", "true");
    Table table = table();
    List<Ranker> rankers = new ArrayList<>();
    for (double margin : MARGINS) {
      rankers.add(Ranker.ofCascade("margin " + margin, DEEPER, " adaptive=" + margin));
    }
    rankers.add(Ranker.ofCascade("full", DEEPER, " adaptive=false"));
    try (DemoSolr demo = DemoSolr.start(64, data)) {
      evaluate(demo, rankers, table);
    }
    table.lines().forEach(out::println);
  }

  private static Table table() {
    Table table = new Table();
    table.row("set", "depth", "pairs a query", "NDCG@10", "condensed", "p50 ms");
    return table;
  }

  private static List<RankerResult> evaluate(DemoSolr demo, List<Ranker> rankers, Table table) {
    List<RankerResult> results =
        new Evaluation(demo.set(), new Searcher(demo.client())).run(rankers, () -> {});
    results.forEach(result -> table.row(row(demo.set().name(), result)));
    return results;
  }

  private static double pairs(RankerResult result) {
    return result.queries().stream().mapToInt(QueryResult::reranked).average().orElse(0);
  }

  private static String[] row(String set, RankerResult result) {
    return new String[] {
      set,
      result.ranker().name(),
      format("%.1f", pairs(result)),
      format("%.4f", result.mean(QueryResult::ndcg)),
      format("%.4f", result.mean(QueryResult::condensedNdcg)),
      format("%.1f", result.latencies().millis(50))
    };
  }

  private static String entry(
      String set, String cascade, RankerResult full, RankerResult adaptive) {
    return format(
        "{\"set\":\"%s\",\"cascade\":\"%s\",\"ratio\":%.3f,\"spared\":%.4f,\"fullPairs\":%.2f,\"adaptivePairs\":%.2f,"
            + "\"fullNdcg10\":%.6f,\"adaptiveNdcg10\":%.6f,\"fullCondensed\":%.6f,"
            + "\"adaptiveCondensed\":%.6f}",
        set,
        cascade,
        pairs(full) / pairs(adaptive),
        1 - pairs(adaptive) / pairs(full),
        pairs(full),
        pairs(adaptive),
        full.mean(QueryResult::ndcg),
        adaptive.mean(QueryResult::ndcg),
        full.mean(QueryResult::condensedNdcg),
        adaptive.mean(QueryResult::condensedNdcg));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
