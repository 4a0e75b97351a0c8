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
 * The pairs that the demo's cross-encoder scores for a query, and NDCG@10, with its stage at full
 * depth and with the configured margin.
 */
final class AdaptiveBenchmark {
  private static final String CASCADE = "products";

  private AdaptiveBenchmark() {}

  static void run(PrintStream out, List<Path> sets) throws Exception {
    Table table = new Table();
    table.row("set", "depth", "pairs a query", "NDCG@10", "condensed", "p50 ms");
    List<String> entries = new ArrayList<>();
    for (Path data : sets) {
      try (DemoSolr demo = DemoSolr.start(0, data)) {
        List<Ranker> rankers =
            List.of(
                Ranker.ofCascade("full", CASCADE, " adaptive=false"),
                Ranker.ofCascade("adaptive", CASCADE, ""));
        List<RankerResult> results =
            new Evaluation(demo.set(), new Searcher(demo.client())).run(rankers, () -> {});
        results.forEach(result -> table.row(row(demo.set().name(), result)));
        entries.add(entry(demo.set().name(), results.get(0), results.get(1)));
      }
    }
    table.lines().forEach(out::println);
    String first = entries.get(0);
    out.println(
        first.substring(0, first.length() - 1) + ",\"sets\":[" + String.join(",", entries) + "]}");
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

  private static String entry(String set, RankerResult full, RankerResult adaptive) {
    return format(
        "{\"set\":\"%s\",\"ratio\":%.3f,\"spared\":%.4f,\"fullPairs\":%.2f,\"adaptivePairs\":%.2f,"
            + "\"fullNdcg10\":%.6f,\"adaptiveNdcg10\":%.6f,\"fullCondensed\":%.6f,"
            + "\"adaptiveCondensed\":%.6f}",
        set,
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
