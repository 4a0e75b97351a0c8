package io.github.solrcascade.stage;

import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.stage.StageOutcome.Completed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The documents of a shard that may be among those that a stage reranks of all shards together.
 *
 * <p>Which documents of the shard reach the stage depends on the other shards, which it does not
 * know: they push some of its documents out after the first pass and after each stage. But a
 * document can only get there if fewer than {@code reRankDocs} documents beat it in the first pass
 * and in every stage since, since those would all get there before it. So that is who is scored:
 * the {@code k}-skyband of Papadias et al., Progressive Skyline Computation in Database Systems
 * (2005). Whoever merges then finds every score that one core would have computed.
 */
final class Contenders {
  private Contenders() {}

  /** The stage's contenders as the stage before left them, best first. */
  static int[] of(Stage stage, CascadeRun run) {
    Candidates candidates = run.candidates();
    List<float[]> before = scoresOfCompletedStages(run);
    int[] standing = candidates.top(candidates.size());
    return Arrays.stream(standing)
        .filter(candidate -> isContender(candidate, stage, before, run.isComplete()))
        .toArray();
  }

  /** A stage that was cut short says nothing of those that it left out. */
  private static List<float[]> scoresOfCompletedStages(CascadeRun run) {
    List<float[]> scores = new ArrayList<>();
    for (int i = 0; i < run.reports().size(); i++) {
      if (run.reports().get(i).outcome() instanceof Completed) {
        scores.add(run.scoresOf(i));
      }
    }
    return scores;
  }

  /** Candidates are numbered in the order of the first pass, so only lower ones beat it there. */
  private static boolean isContender(
      int candidate, Stage stage, List<float[]> before, boolean mayAdapt) {
    if (before.stream().anyMatch(scores -> Float.isNaN(scores[candidate]))) {
      return false;
    }
    int better = 0;
    int farBetter = 0;
    for (int other = 0; other < candidate; other++) {
      if (beats(other, candidate, before)) {
        better++;
        farBetter += mayAdapt && isFarBetter(other, candidate, stage, before) ? 1 : 0;
        if (better >= stage.reRankDocs() || farBetter >= Stage.PAGE) {
          return false;
        }
      }
    }
    return true;
  }

  /** Equal scores are no victory: whoever merges orders them by what this shard does not know. */
  private static boolean beats(int other, int candidate, List<float[]> before) {
    for (float[] scores : before) {
      if (!(scores[other] > scores[candidate])) {
        return false;
      }
    }
    return true;
  }

  /** By more than an adaptive stage's margin, if it follows upon a stage. */
  private static boolean isFarBetter(int other, int candidate, Stage stage, List<float[]> before) {
    if (before.isEmpty() || stage.adaptive().isEmpty()) {
      return false;
    }
    float[] last = before.get(before.size() - 1);
    return last[other] - stage.adaptive().get() > last[candidate];
  }
}
