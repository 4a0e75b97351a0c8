package io.github.solrcascade.stage;

/** What became of a stage in a request. */
public sealed interface StageOutcome {

  /** It reranked all its documents. */
  record Completed() implements StageOutcome {
    @Override
    public String toString() {
      return "completed";
    }
  }

  /** It broke; the order of the stage before is served. */
  record Failed(String reason) implements StageOutcome {
    @Override
    public String toString() {
      return "failed: " + reason;
    }
  }

  /** It was not run. */
  record Skipped(String reason) implements StageOutcome {
    @Override
    public String toString() {
      return "skipped: " + reason;
    }
  }
}
