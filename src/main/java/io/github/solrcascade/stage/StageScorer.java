package io.github.solrcascade.stage;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import java.io.IOException;

/** Scores documents by a stage's model: here, or on the shards that hold them. */
@FunctionalInterface
public interface StageScorer {

  /**
   * The stage's scores of these documents.
   *
   * @param top candidates, best first
   * @throws OutOfTime if there was time for none
   */
  Scored score(Stage stage, int[] top, Deadline deadline) throws IOException;
}
