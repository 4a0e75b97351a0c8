package io.github.solrcascade.benchmark;

import io.github.solrcascade.demo.Evaluation;
import io.github.solrcascade.demo.Ranker;
import io.github.solrcascade.demo.RankerResult;
import io.github.solrcascade.demo.Searcher;
import io.github.solrcascade.demo.StageTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * NDCG@10 and milliseconds of bi-encoder, late interaction and cross-encoder, each alone beside
 * BM25 and together, and of late interaction with every document of the index. Nothing is cached.
 */
final class LateQualityBenchmark {
  private static final List<Ranker> RANKERS =
      List.of(
          Ranker.FIRST_PASS,
          Ranker.ofCascade("bi-encoder", "products", " stages=2"),
          Ranker.ofCascade("bi-encoder, cross-encoder", "products", ""),
          Ranker.ofCascade("late interaction alone", "late-alone", ""),
          Ranker.ofCascade("late interaction", "late", " stages=2"),
          Ranker.ofCascade("late interaction, cross-encoder", "late", ""),
          Ranker.ofCascade("bi-encoder, late interaction", "late-semantic", " stages=3"),
          Ranker.ofCascade("all three", "late-semantic", ""),
          new Ranker(
              "late interaction with every document",
              "{!late_interaction encoder=late f=tokens}",
              Optional.empty()));

  private LateQualityBenchmark() {}

  static void run(PrintStream out, Path data) throws Exception {
    try (DemoSolr demo = DemoSolr.start(0, data)) {
      List<RankerResult> results =
          new Evaluation(demo.set(), new Searcher(demo.client())).run(RANKERS, () -> {});
      StageTable table = new StageTable(results);
      table.lines().forEach(out::println);
      out.println(table.json(demo.set().name()));
    }
  }
}
