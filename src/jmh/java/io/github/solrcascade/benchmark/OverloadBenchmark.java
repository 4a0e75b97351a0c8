package io.github.solrcascade.benchmark;

import static io.github.solrcascade.benchmark.MixedSearches.format;

import io.github.solrcascade.benchmark.MixedSearches.Answered;
import io.github.solrcascade.benchmark.MixedSearches.Summary;
import io.github.solrcascade.demo.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Far more clients than the node can serve, for two minutes, under a budget; then one client alone,
 * of whose searches the last that was cut short tells how long the flood was felt. A search that
 * fails ends the benchmark.
 */
final class OverloadBenchmark {
  private static final int CLIENTS = 64;
  private static final int BUDGET_MS = 200;
  private static final int PARTS = 4;
  private static final int PART_SECONDS = 30;
  private static final int AFTER_SECONDS = 5;

  private OverloadBenchmark() {}

  static void run(PrintStream out) throws Exception {
    Table table = new Table();
    table.row(
        "64 clients",
        "searches",
        "added p50 ms",
        "p99 ms",
        "degraded",
        "NDCG@10",
        "heap",
        "process");
    String rankQuery = MixedSearches.rankQuery(BUDGET_MS);
    List<Answered> all = new ArrayList<>();
    List<Long> process = new ArrayList<>();
    try (DemoSolr demo = DemoSolr.start(64)) {
      MixedSearches searches = new MixedSearches(demo);
      searches.run(CLIENTS, rankQuery, 10, -1);
      for (int part = 1; part <= PARTS; part++) {
        List<Answered> some = searches.run(CLIENTS, rankQuery, PART_SECONDS, part);
        all.addAll(some);
        process.add(processMegabytes());
        row(table, part * PART_SECONDS + " s", Summary.of(some));
      }
      long flooded = System.nanoTime();
      List<Answered> after = searches.run(1, rankQuery, AFTER_SECONDS, 99);
      row(table, "alone again", Summary.of(after));
      table.lines().forEach(out::println);
      double recovered =
          after.stream().filter(Answered::degraded).mapToLong(Answered::ended).max().orElse(flooded)
              - (double) flooded;
      Summary summary = Summary.of(all);
      out.println(
          format(
              "{\"ratio\":%.3f,\"clients\":%d,\"budgetMs\":%d,\"searches\":%d,\"errors\":0,"
                  + "\"p50Ms\":%.2f,\"p99Ms\":%.2f,\"degraded\":%.4f,\"ndcg10\":%.6f,"
                  + "\"firstPassNdcg10\":%.6f,\"processMb\":%s,\"recoveredMs\":%.0f}",
              summary.added().millis(99) / BUDGET_MS,
              CLIENTS,
              BUDGET_MS,
              summary.searches(),
              summary.added().millis(50),
              summary.added().millis(99),
              summary.degraded(),
              summary.ndcg(),
              searches.firstPass(),
              process,
              recovered / 1e6));
    }
  }

  private static void row(Table table, String name, Summary summary) throws IOException {
    table.row(
        name,
        String.valueOf(summary.searches()),
        format("%.1f", summary.added().millis(50)),
        format("%.1f", summary.added().millis(99)),
        format("%.0f%%", 100 * summary.degraded()),
        format("%.3f", summary.ndcg()),
        heapMegabytes() + " MB",
        processMegabytes() + " MB");
  }

  private static long heapMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  /** What of the process lies in memory; 0 where the system does not tell. */
  private static long processMegabytes() throws IOException {
    Path statm = Path.of("/proc/self/status");
    if (!Files.isReadable(statm)) {
      return 0;
    }
    return Files.readAllLines(statm).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
        .findFirst()
        .orElse(0);
  }
}
