package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** What {@code scripts/benchmark} starts: one benchmark by name. */
public final class Benchmarks {
  private static final String USAGE =
      """
      Usage: scripts/benchmark NAME [DIR]

        adaptive [DIR] pairs and NDCG@10 with and without adaptive depth; DIR: one more judged set
        budget         latency and quality under time budgets, eight clients at once
        cascade        the demo's cascade against 12 layers on each of 100 candidates
        cloud          the global stage over 1, 2 and 4 shards: its round trip, its pairs, the requests
        cross-encoder  100 pairs in one padded batch against one pair a run, and against its floor
        features       LTR's document-at-a-time extraction of 20 features of 200 documents
        growth [DIR]   how cost grows, as charts in src/docs/charts; DIR as for trees
        late-interaction  MaxSim over bytes and in plain loops; a stage of it against cross-encoders
        late-quality [DIR]  NDCG@10 and time of bi-encoder, late interaction and cross-encoder; DIR: a judged set
        margin [DIR]   NDCG@10 and pairs for a row of margins, to choose one; DIR: a judged set
        models         size, speed and NDCG@10 of the cross-encoders
        overload       64 clients for two minutes under a budget, and what follows
        repeat         a query's deep stage again after a commit, out of the cache
        scale          what a search costs up to 1,000 shards and 10,000 searches a second, simulated
        start          the first search after a start, against the median, with warming and without
        throughput     queries a second from eight clients, against one client and against the bound
        trees [DIR]    LTR's tree models; DIR holds the LightGBM dumps (../shared/data/lightgbm-models)
      """;

  private Benchmarks() {}

  /** Exits with 2 if there is no benchmark of that name. */
  public static void main(String... arguments) throws Exception {
    PrintStream out = Console.open();
    String name = arguments.length > 0 ? arguments[0] : "";
    Path data = Path.of(arguments.length > 1 ? arguments[1] : "../shared/data/lightgbm-models");
    switch (name) {
      case "adaptive" -> AdaptiveBenchmark.run(out, judgedSets(arguments));
      case "budget" -> BudgetBenchmark.run(out);
      case "cascade" -> CascadeBenchmark.run(out);
      case "cloud" -> CloudBenchmark.run(out);
      case "cross-encoder" -> CrossEncoderBenchmark.run(out);
      case "features" -> FeaturesBenchmark.run(out);
      case "growth" -> GrowthBenchmark.run(out, data);
      case "late-interaction" -> LateInteractionBenchmark.run(out);
      case "late-quality" -> LateQualityBenchmark.run(out, lastOf(judgedSets(arguments)));
      case "margin" -> AdaptiveBenchmark.margins(out, lastOf(judgedSets(arguments)));
      case "models" -> ModelsBenchmark.run(out);
      case "overload" -> OverloadBenchmark.run(out);
      case "repeat" -> RepeatBenchmark.run(out);
      case "scale" -> ScaleBenchmark.run(out);
      case "start" -> StartBenchmark.run(out);
      case "start-once" -> StartBenchmark.once(out, Integer.parseInt(arguments[1]));
      case "throughput" -> ThroughputBenchmark.run(out);
      case "trees" -> TreesBenchmark.run(out, data);
      default -> {
        System.err.print(USAGE);
        System.exit(name.equals("--help") ? 0 : 2);
      }
    }
    System.exit(0);
  }

  private static Path lastOf(List<Path> sets) {
    return sets.get(sets.size() - 1);
  }

  /** The demo's, and what was named beside it. */
  private static List<Path> judgedSets(String... arguments) {
    return arguments.length > 1
        ? List.of(DemoPairs.CATALOGUE, Path.of(arguments[1]).toAbsolutePath().normalize())
        : List.of(DemoPairs.CATALOGUE);
  }
}
