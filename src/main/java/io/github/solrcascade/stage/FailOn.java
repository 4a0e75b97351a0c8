package io.github.solrcascade.stage;

/** When a search fails with 503 instead of being served in a lesser order. */
public enum FailOn {
  /** Never: the order of the last completed stage is served, flagged. */
  NOTHING,
  /** If a stage breaks. */
  FAILED,
  /** If a stage breaks, or is cut short or left out for want of time. */
  DEGRADED;

  /** Whether a run must not be served. */
  boolean forbids(CascadeRun run) {
    return switch (this) {
      case NOTHING -> false;
      case FAILED ->
          run.reports().stream().anyMatch(r -> r.outcome() instanceof StageOutcome.Failed);
      case DEGRADED -> !run.isComplete();
    };
  }
}
