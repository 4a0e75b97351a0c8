package io.github.solrcascade.distributed;

import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.distributed.ShardAnswer.Part;
import io.github.solrcascade.feature.Pairs;
import io.github.solrcascade.stage.Scored;
import io.github.solrcascade.stage.ShardShare;
import io.github.solrcascade.stage.StageFailure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One stage's scores as the shards give them, by candidate. Not thread-safe: one request owns it.
 */
final class StageScores {
  private final String stage;
  private final Optional<String> model;
  private final float[] scores;
  private final Part[] origins;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  /**
   * Of so many candidates; there is none yet.
   *
   * @param model what the stage's model must be on each shard; empty if any will do that is the
   *     same on all
   */
  StageScores(String stage, int candidates, Optional<String> model) {
    this.stage = stage;
    this.model = model;
    scores = new float[candidates];
    Arrays.fill(scores, Float.NaN);
    origins = new Part[candidates];
  }

  /**
   * Takes a shard's scores.
   *
   * @param answer what it said
   * @param candidates which candidates the places of the answer are
   * @throws StageFailure if the stage broke there, is not known there, or has another model there
   *     than on the shards before
   */
  void add(ShardAnswer answer, Map<Integer, Integer> candidates) {
    Part part = answer.part(stage);
    if (part.hasFailed()) {
      throw new StageFailure(answer.shard() + ": " + part.share().outcome(), null);
    }
    refuseOtherModel(part);
    parts.put(answer.shard(), part);
    candidates.forEach(
        (place, candidate) -> {
          origins[candidate] = part;
          if (place < part.scores().length) {
            scores[candidate] = part.scores()[place];
          }
        });
  }

  private void refuseOtherModel(Part part) {
    model.ifPresent(own -> refuseOtherModel("the coordinator", own, part));
    for (Part other : parts.values()) {
      refuseOtherModel(other.share().shard(), other.model(), part);
    }
  }

  private static void refuseOtherModel(String node, String model, Part part) {
    if (!model.equals(part.model())) {
      throw new StageFailure(
          "shards have different models: "
              + (node + " " + model)
              + ", "
              + (part.share().shard() + " " + part.model()),
          null);
    }
  }

  /** Whether all these have scores. */
  boolean has(int[] candidates) {
    return Arrays.stream(candidates).noneMatch(candidate -> Float.isNaN(scores[candidate]));
  }

  /**
   * The scores of the first of these, up to the first that has none.
   *
   * @param top candidates, best first
   * @throws OutOfTime if that is the very first
   */
  Scored scored(int[] top) {
    int known = 0;
    while (known < top.length && !Float.isNaN(scores[top[known]])) {
      known++;
    }
    String shortfall = known == top.length ? "" : reason(origins[top[known]]);
    if (known == 0 && top.length > 0) {
      throw new OutOfTime(shortfall);
    }
    float[] first = new float[known];
    for (int i = 0; i < known; i++) {
      first[i] = scores[top[i]];
    }
    return new Scored(
        first,
        shortfall,
        most(ShardShare::featureNanos),
        most(ShardShare::modelNanos),
        Pairs.NONE,
        parts.values().stream().map(Part::share).toList(),
        List.of());
  }

  private static String reason(Part origin) {
    return origin == null
        ? "a shard gave no score"
        : origin.share().shard() + ": " + origin.share().outcome();
  }

  private long most(java.util.function.ToLongFunction<ShardShare> nanos) {
    return parts.values().stream().map(Part::share).mapToLong(nanos).max().orElse(0);
  }
}
