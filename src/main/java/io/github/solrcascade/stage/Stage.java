package io.github.solrcascade.stage;

import io.github.solrcascade.model.StageModel;
import java.util.Objects;

/**
 * A model over the first documents.
 *
 * @param name as configured
 * @param reRankDocs how many documents it reranks at most, at least 1
 * @param model what scores them
 * @param cost what it has cost so far, which is no part of what it is
 */
public record Stage(String name, int reRankDocs, StageModel model, StageCost cost) {

  /** A stage that has not run yet. */
  public Stage(String name, int reRankDocs, StageModel model) {
    this(name, reRankDocs, model, new StageCost());
  }

  /** This stage for at most so many documents. */
  Stage limitedTo(int mostDocs) {
    return new Stage(name, Math.min(reRankDocs, mostDocs), model, cost);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Stage that
        && name.equals(that.name)
        && reRankDocs == that.reRankDocs
        && model.equals(that.model);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, reRankDocs, model);
  }
}
