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

  void add(StageReport report) {
    reports.add(report);
    ranks.add(candidates.ranks());
  }

  void took(long duration) {
    nanos = duration;
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
