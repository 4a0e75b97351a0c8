package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Console;
import java.io.PrintStream;
import java.nio.file.Path;

/** What {@code scripts/benchmark} starts: one benchmark by name. */
public final class Benchmarks {
  private static final String USAGE =
      """
      Usage: scripts/benchmark NAME [DIR]

        cascade        the demo's cascade against its cross-encoder on each of 100 candidates
        cross-encoder  100 pairs in one padded batch against one pair a run, and against its floor
        repeat         a query's deep stage again after a commit, out of the cache
        trees [DIR]    LTR's tree models; DIR holds the LightGBM dumps (../shared/data/lightgbm-models)
      """;

  private Benchmarks() {}

  /** Exits with 2 if there is no benchmark of that name. */
  public static void main(String... arguments) throws Exception {
    PrintStream out = Console.open();
    String name = arguments.length > 0 ? arguments[0] : "";
    Path data = Path.of(arguments.length > 1 ? arguments[1] : "../shared/data/lightgbm-models");
    switch (name) {
      case "cascade" -> CascadeBenchmark.run(out);
      case "cross-encoder" -> CrossEncoderBenchmark.run(out);
      case "repeat" -> RepeatBenchmark.run(out);
      case "trees" -> TreesBenchmark.run(out, data);
      default -> {
        System.err.print(USAGE);
        System.exit(name.equals("--help") ? 0 : 2);
      }
    }
    System.exit(0);
  }
}
