package io.github.solrcascade.benchmark;

import static io.github.solrcascade.benchmark.MixedSearches.format;

import io.github.solrcascade.benchmark.MixedSearches.Summary;
import io.github.solrcascade.demo.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Latency and quality of the demo's cascade under time budgets, with eight clients at once. */
final class BudgetBenchmark {
  private static final int CLIENTS = 8;
  private static final int SECONDS = 20;
  private static final int WARM_UP_SECONDS = 8;

  /** Until the JVM has compiled what every search runs: it takes the cores' time meanwhile. */
  private static final int JVM_WARM_UP_SECONDS = 40;

  /** 0 is none. */
  private static final int[] BUDGETS = {25, 50, 100, 200, 0};

  /** Where the chart shows what no budget gives. */
  private static final int BEYOND = 250;

  private BudgetBenchmark() {}

  static void run(PrintStream out) throws Exception {
    Table table = new Table();
    table.row("budget ms", "searches", "added p50 ms", "p99 ms", "degraded", "NDCG@10");
    List<String> entries = new ArrayList<>();
    Chart.Line quality = new Chart.Line();
    double firstPass = 0;
    for (int budget : BUDGETS) {
      // Each from a node that has no scores yet.
      try (DemoSolr demo = DemoSolr.start(64)) {
        MixedSearches searches = new MixedSearches(demo);
        firstPass = searches.firstPass();
        String rankQuery = MixedSearches.rankQuery(budget);
        boolean isFirst = entries.isEmpty();
        searches.run(CLIENTS, rankQuery, isFirst ? JVM_WARM_UP_SECONDS : WARM_UP_SECONDS, -1);
        Summary summary = Summary.of(searches.run(CLIENTS, rankQuery, SECONDS, budget));
        entries.add(report(table, budget, summary));
        if (quality.size() == 0) {
          quality.add(0, firstPass);
        }
        quality.add(budget > 0 ? budget : BEYOND, summary.ndcg());
      }
    }
    new Chart(
            "Eight clients, the demo's cascade", "budget ms (0: first pass, 250: none)", "NDCG@10")
        .line("NDCG@10", quality)
        .from(0.65)
        .write(Path.of("src/docs/charts"), "budget");
    table.lines().forEach(out::println);
    out.println(format("The first pass alone: NDCG@10 %.3f", firstPass));
    out.println(
        format(
            "{\"budgets\":[%s],\"clients\":%d,\"firstPassNdcg10\":%.6f}",
            String.join(",", entries), CLIENTS, firstPass));
  }

  private static String report(Table table, int budget, Summary summary) {
    table.row(
        budget > 0 ? String.valueOf(budget) : "none",
        String.valueOf(summary.searches()),
        format("%.1f", summary.added().millis(50)),
        format("%.1f", summary.added().millis(99)),
        format("%.0f%%", 100 * summary.degraded()),
        format("%.3f", summary.ndcg()));
    return format(
        "{\"budgetMs\":%s,\"p50Ms\":%.2f,\"p99Ms\":%.2f,\"degraded\":%.4f,\"ndcg10\":%.6f,"
            + "\"searches\":%d}",
        budget > 0 ? budget : "null",
        summary.added().millis(50),
        summary.added().millis(99),
        summary.degraded(),
        summary.ndcg(),
        summary.searches());
  }
}
