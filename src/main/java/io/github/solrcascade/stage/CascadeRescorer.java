package io.github.solrcascade.stage;

import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.feature.FeatureExtractor;
import io.github.solrcascade.stage.StageOutcome.Completed;
import io.github.solrcascade.stage.StageOutcome.Failed;
import io.github.solrcascade.stage.StageOutcome.Skipped;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import org.apache.solr.common.SolrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a cascade over the candidates of one request: each stage reranks the first documents that
 * the stage before left. A stage that breaks leaves the order as it found it, and those behind it
 * are not run, so that the order served is always that of a completed stage.
 *
 * <p>A cascade of rankers as in Wang, Lin and Metzler, A Cascade Ranking Model for Efficient Ranked
 * Retrieval (2011).
 */
public final class CascadeRescorer {
  private static final Logger log = LoggerFactory.getLogger(MethodHandles.lookup().lookupClass());

  private final Candidates candidates;
  private final FeatureExtractor extractor;
  private final CascadeRun run;
  private String broken;

  /**
   * A rescorer for one request.
   *
   * @param extractor computes the features of these candidates
   */
  public CascadeRescorer(Cascade cascade, Candidates candidates, FeatureExtractor extractor) {
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
    for (Stage stage : run.cascade().stages()) {
      run.add(broken == null ? rerank(stage) : skip(stage));
    }
    return run;
  }

  private StageReport rerank(Stage stage) {
    int[] top = candidates.top(stage.reRankDocs());
    StageOutcome outcome = new Completed();
    long modelNanos = 0;
    long start = System.nanoTime();
    try {
      extractor.extract(stage.model().columns(), top);
      modelNanos = -System.nanoTime();
      candidates.rerank(top, stage.model().score(extractor.matrix(), top));
      modelNanos += System.nanoTime();
    } catch (IOException | RuntimeException e) {
      rethrowIfRequestIsAtFault(e);
      log.warn("cascade {}: stage {} failed", run.cascade().name(), stage.name(), e);
      broken = stage.name();
      outcome = new Failed(e.toString());
      modelNanos = 0;
    }
    long featureNanos = System.nanoTime() - start - modelNanos;
    return new StageReport(stage, top.length, featureNanos, modelNanos, outcome);
  }

  private StageReport skip(Stage stage) {
    return new StageReport(stage, 0, 0, 0, new Skipped("stage '" + broken + "' failed"));
  }

  private static void rethrowIfRequestIsAtFault(Exception e) {
    if (e instanceof SolrException solr && solr.code() < 500) {
      throw solr;
    }
  }
}
