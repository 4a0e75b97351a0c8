package io.github.solrcascade.stage;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.candidates.FeatureMatrix;
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

  /** Which documents a stage reranks. */
  @FunctionalInterface
  interface Documents {
    /** Candidates, best first. */
    int[] of(Stage stage, CascadeRun run);
  }

  private final Candidates candidates;
  private final StageScorer scorer;
  private final CascadeRun run;
  private final Deadline deadline;
  private final Documents documents;

  /** Why no more stages are run. */
  private String stopped;

  private CascadeRescorer(
      CascadeRun run, StageScorer scorer, Deadline deadline, Documents documents) {
    this.run = run;
    this.candidates = run.candidates();
    this.scorer = scorer;
    this.deadline = deadline;
    this.documents = documents;
  }

  /**
   * A rescorer for one request.
   *
   * @param features the values that the scorer computes on the way, for explanations
   * @param deadline when the time is up
   */
  public CascadeRescorer(
      Cascade cascade,
      Candidates candidates,
      StageScorer scorer,
      FeatureMatrix features,
      Deadline deadline) {
    this(
        new CascadeRun(cascade, candidates, features), scorer, deadline, CascadeRescorer::standing);
  }

  /** The same for the documents of one shard, of which others may take the place. */
  public static CascadeRescorer ofShard(
      Cascade cascade,
      Candidates candidates,
      StageScorer scorer,
      FeatureMatrix features,
      Deadline deadline) {
    CascadeRun run = new CascadeRun(cascade, candidates, features);
    return new CascadeRescorer(run, scorer, deadline, Contenders::of);
  }

  private static int[] standing(Stage stage, CascadeRun run) {
    // Margins are on the scale of the stage before, so all must have its scores.
    return run.isComplete()
        ? stage.documents(run.candidates())
        : run.candidates().top(stage.reRankDocs());
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
    int[] top = documents.of(stage, run);
    long start = System.nanoTime();
    StageOutcome outcome;
    try {
      Scored scored = scorer.score(stage, top, deadline);
      long sorting = System.nanoTime();
      int done = scored.scores().length;
      candidates.rerank(Arrays.copyOf(top, done), scored.scores());
      outcome =
          done == top.length
              ? new Completed()
              : new Truncated(done, top.length, scored.shortfall());
      return new StageReport(
          stage,
          done,
          scored.featureNanos(),
          scored.modelNanos() + System.nanoTime() - sorting,
          outcome,
          scored.pairs(),
          scored.shares(),
          scored.notes());
    } catch (OutOfTime e) {
      outcome = new Skipped(e.getMessage());
    } catch (IOException | RuntimeException e) {
      rethrowIfRequestIsAtFault(e);
      FAILURES.add(run.cascade().name(), stage.name(), e);
      stopped = "stage '" + stage.name() + "' failed";
      outcome = new Failed(e instanceof StageFailure ? e.getMessage() : e.toString());
    }
    return StageReport.brief(stage, 0, System.nanoTime() - start, outcome);
  }

  private StageReport skip(Stage stage) {
    return StageReport.brief(stage, 0, 0, new Skipped(stopped));
  }

  private static void rethrowIfRequestIsAtFault(Exception e) {
    if (e instanceof SolrException solr && solr.code() < 500) {
      throw solr;
    }
  }
}
