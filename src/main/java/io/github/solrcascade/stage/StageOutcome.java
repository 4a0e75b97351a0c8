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

  /**
   * It reranked the first of its documents; the others follow in the order of the stage before.
   *
   * @param docs how many it reranked
   * @param wanted how many it would have
   */
  record Truncated(int docs, int wanted, String reason) implements StageOutcome {
    @Override
    public String toString() {
      return "truncated: " + docs + " of " + wanted + " documents, " + reason;
    }
  }

  /** It broke; the order of the stage before is served. */
  record Failed(String reason) implements StageOutcome {
    @Override
    public String toString() {
      return "failed: " + reason;
    }
  }

  /** It was not run, or had no time for any document. */
  record Skipped(String reason) implements StageOutcome {
    @Override
    public String toString() {
      return "skipped: " + reason;
    }
  }
}
