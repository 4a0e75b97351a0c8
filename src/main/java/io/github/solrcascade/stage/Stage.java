package io.github.solrcascade.stage;

import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.model.StageModel;
import java.util.Objects;
import java.util.Optional;

/**
 * A model over the first documents.
 *
 * @param name as configured
 * @param reRankDocs how many documents it reranks at most, at least 1
 * @param model what scores them
 * @param adaptive how far below the first page's last score a document may lie to be reranked
 *     still; empty for any
 * @param isGlobal whether it runs once over the merged documents of all shards
 * @param cost what it has cost so far, which is no part of what it is
 */
public record Stage(
    String name,
    int reRankDocs,
    StageModel model,
    Optional<Float> adaptive,
    boolean isGlobal,
    StageCost cost) {
  /** The first page's length, whatever a request asks for, so that pages fit together. */
  static final int PAGE = 10;

  /** A stage that has not run yet. */
  public Stage(
      String name, int reRankDocs, StageModel model, Optional<Float> adaptive, boolean isGlobal) {
    this(name, reRankDocs, model, adaptive, isGlobal, new StageCost());
  }

  /** This stage for at most so many documents. */
  Stage limitedTo(int mostDocs) {
    return new Stage(name, Math.min(reRankDocs, mostDocs), model, adaptive, isGlobal, cost);
  }

  /** This stage for all its documents, whatever their scores. */
  Stage withoutAdaptive() {
    return new Stage(name, reRankDocs, model, Optional.empty(), isGlobal, cost);
  }

  /** This stage with another margin, if it has one. */
  Stage withMargin(float margin) {
    return new Stage(name, reRankDocs, model, adaptive.map(own -> margin), isGlobal, cost);
  }

  /** The documents that it reranks, best first. */
  int[] documents(Candidates candidates) {
    return adaptive
        .map(margin -> candidates.topInDoubt(reRankDocs, PAGE, margin))
        .orElseGet(() -> candidates.top(reRankDocs));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Stage that
        && name.equals(that.name)
        && reRankDocs == that.reRankDocs
        && model.equals(that.model)
        && adaptive.equals(that.adaptive);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, reRankDocs, model, adaptive);
  }
}
