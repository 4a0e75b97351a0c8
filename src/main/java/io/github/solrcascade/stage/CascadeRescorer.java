package io.github.solrcascade.stage;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.feature.FeatureExtractor;
import io.github.solrcascade.stage.StageOutcome.Completed;
import io.github.solrcascade.stage.StageOutcome.Failed;
import io.github.solrcascade.stage.StageOutcome.Skipped;
import io.github.solrcascade.stage.StageOutcome.Truncated;
import java.io.IOException;
import java.util.Arrays;
import org.apache.solr.common.SolrException;

/**
 * Runs a cascade over the candidates of one request: each stage reranks the first documents that
 * the stage before left. A stage that breaks leaves the order as it found it, and those behind it
 * are not run, so that the order served is always that of a completed stage. One that runs out of
 * time keeps the documents that are done: they are the best of the stage before, and stand above
 * the rest.
 *
 * <p>A cascade of rankers as in Wang, Lin and Metzler, A Cascade Ranking Model for Efficient Ranked
 * Retrieval (2011).
 */
public final class CascadeRescorer {
  private static final FailureLog FAILURES = new FailureLog();

  private final Candidates candidates;
  private final FeatureExtractor extractor;
  private final CascadeRun run;
  private final Deadline deadline;

  /** Why no more stages are run. */
  private String stopped;

  /**
   * A rescorer for one request.
   *
   * @param extractor computes the features of these candidates
   * @param deadline when the time is up
   */
  public CascadeRescorer(
      Cascade cascade, Candidates candidates, FeatureExtractor extractor, Deadline deadline) {
    this.deadline = deadline;
    this.candidates = candidates;
    this.extractor = extractor;
    this.run = new CascadeRun(cascade, candidates, extractor.matrix());
  }

  /**
   * Reorders the candidates.
   *
   * @throws SolrException if the request is at fault (its code is below 500)
   */
  public CascadeRun rescore() {
    long start = System.nanoTime();
    for (Stage stage : run.cascade().stages()) {
      run.add(stopped == null ? rerank(stage) : skip(stage));
    }
    run.took(System.nanoTime() - start);
    deadline.ended();
    return run;
  }

  private StageReport rerank(Stage stage) {
    // Margins are on the scale of the stage before, so all must have its scores.
    int[] top = run.isComplete() ? stage.documents(candidates) : candidates.top(stage.reRankDocs());
    int affordable = stage.cost().affordable(top.length, deadline.nanosLeft());
    if (affordable < Math.min(1, top.length)) {
      return new StageReport(
          stage, 0, 0, 0, new Skipped("too little of the budget is left for it"));
    }
    StageOutcome outcome;
    int done = 0;
    long modelNanos = 0;
    long start = System.nanoTime();
    try {
      int[] columns = stage.model().columns();
      int known = extractor.extract(columns, Arrays.copyOf(top, affordable), deadline);
      modelNanos = -System.nanoTime();
      int[] scored = Arrays.copyOf(top, known);
      candidates.rerank(scored, stage.model().score(extractor.matrix(), scored));
      modelNanos += System.nanoTime();
      done = known;
      stage.cost().add(done, System.nanoTime() - start);
      outcome = outcome(done, affordable, top.length);
    } catch (OutOfTime e) {
      outcome = new Skipped(e.getMessage());
    } catch (IOException | RuntimeException e) {
      rethrowIfRequestIsAtFault(e);
      FAILURES.add(run.cascade().name(), stage.name(), e);
      stopped = "stage '" + stage.name() + "' failed";
      outcome = new Failed(e.toString());
      modelNanos = 0;
    }
    long featureNanos = System.nanoTime() - start - modelNanos;
    return new StageReport(stage, done, featureNanos, modelNanos, outcome);
  }

  private StageOutcome outcome(int done, int affordable, int wanted) {
    if (done == wanted) {
      return new Completed();
    }
    String reason =
        done == affordable && !deadline.isPast()
            ? "too little of the budget was left for more"
            : deadline.toString();
    return new Truncated(done, wanted, reason);
  }

  private StageReport skip(Stage stage) {
    return new StageReport(stage, 0, 0, 0, new Skipped(stopped));
  }

  private static void rethrowIfRequestIsAtFault(Exception e) {
    if (e instanceof SolrException solr && solr.code() < 500) {
      throw solr;
    }
  }
}
