package io.github.solrcascade.stage;

import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.candidates.FeatureMatrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a cascade did in a request: the candidates as it left them, and all that explanations and
 * feature logs need.
 *
 * <p>Not thread-safe: one request owns it.
 */
public final class CascadeRun {
  private final Cascade cascade;
  private final Candidates candidates;
  private final FeatureMatrix features;
  private final List<StageReport> reports = new ArrayList<>();
  private final List<int[]> ranks = new ArrayList<>();
  private final List<float[]> scores = new ArrayList<>();

  /** By candidate; null where candidates are numbered by it. */
  private int[] firstPassRanks;

  private long nanos;
  private final Map<Integer, Integer> candidateByDoc = new HashMap<>();

  CascadeRun(Cascade cascade, Candidates candidates, FeatureMatrix features) {
    this.cascade = cascade;
    this.candidates = candidates;
    this.features = features;
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      candidateByDoc.put(candidates.doc(candidate), candidate);
    }
  }

  /**
   * A run that took place elsewhere over more documents than these.
   *
   * @param docs how many documents each stage reranked
   * @param ranks by stage, then by candidate, among all documents, from 0
   * @param firstPassRanks the same after the first pass
   */
  public static CascadeRun retold(
      Cascade cascade,
      Candidates candidates,
      FeatureMatrix features,
      int[] docs,
      List<int[]> ranks,
      int[] firstPassRanks) {
    CascadeRun run = new CascadeRun(cascade, candidates, features);
    run.firstPassRanks = firstPassRanks;
    for (int i = 0; i < Math.min(docs.length, cascade.stages().size()); i++) {
      Stage stage = cascade.stages().get(i);
      run.reports.add(StageReport.brief(stage, docs[i], 0, new StageOutcome.Completed()));
      run.ranks.add(ranks.get(i));
    }
    return run;
  }

  void add(StageReport report) {
    reports.add(report);
    ranks.add(candidates.ranks());
    scores.add(candidates.scores(report.docs()));
  }

  void took(long duration) {
    nanos = duration;
  }

  /** Adds what its shards took before the merge. */
  public void tookBefore(long duration) {
    nanos += duration;
  }

  /** The candidate's rank in the first pass, counted from 0. */
  public int firstPassRank(int candidate) {
    return firstPassRanks == null ? candidate : firstPassRanks[candidate];
  }

  /** How long all stages took, in nanoseconds. */
  public long nanos() {
    return nanos;
  }

  /** What was run. */
  public Cascade cascade() {
    return cascade;
  }

  /** The candidates in their final order. */
  public Candidates candidates() {
    return candidates;
  }

  /** The features computed on the way. */
  public FeatureMatrix features() {
    return features;
  }

  /** A report a stage, in their order. */
  public List<StageReport> reports() {
    return List.copyOf(reports);
  }

  /** Whether every stage completed. */
  public boolean isComplete() {
    return degradation().isEmpty();
  }

  /** Whether the cascade would rather have the search fail than this order served. */
  public boolean isForbidden() {
    return cascade.failOn().forbids(this);
  }

  /** Why the order is not the full cascade's, if it is not. */
  public Optional<String> degradation() {
    return reports.stream()
        .filter(report -> !(report.outcome() instanceof StageOutcome.Completed))
        .map(report -> "stage '" + report.stage().name() + "' " + report.outcome())
        .findFirst();
  }

  /** The candidate that the document is, if it is one. */
  public OptionalInt candidate(int doc) {
    Integer candidate = candidateByDoc.get(doc);
    return candidate == null ? OptionalInt.empty() : OptionalInt.of(candidate);
  }

  /** The candidate's rank after the stage, counted from 0. */
  public int rankAfter(int stage, int candidate) {
    return ranks.get(stage)[candidate];
  }

  /** The score that the stage gave to the candidate; NaN if it did not rerank it. */
  public float scoreIn(int stage, int candidate) {
    return scores.get(stage)[candidate];
  }

  float[] scoresOf(int stage) {
    return scores.get(stage);
  }

  /** The last stage that reranked the candidate, if one did. */
  public Optional<Stage> lastStage(int candidate) {
    Stage last = null;
    for (int i = 0; i < reports.size(); i++) {
      StageReport report = reports.get(i);
      // One that failed or was skipped reranked no document.
      if (rankAfter(i, candidate) < report.docs()) {
        last = report.stage();
      }
    }
    return Optional.ofNullable(last);
  }
}
