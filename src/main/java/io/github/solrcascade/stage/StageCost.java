package io.github.solrcascade.stage;

import io.github.solrcascade.budget.RecentValues;

/**
 * What a stage has cost of late, a document, so that a request with little time left asks for no
 * more documents than it can hope to get. Of a stage that has not run yet nothing is known here:
 * what its transformers take, their encoders know from the start.
 *
 * <p>It errs on the side of too many: what is too much is cut off by the deadline itself, between
 * two pairs, while what was never asked for is lost. Thread-safe.
 */
public final class StageCost {
  private static final int KEPT = 64;

  /** How many times the documents that the median leaves room for are tried. */
  private static final double HOPE = 1.5;

  /** How much a stage that was skipped forgets, so that it is tried again before long. */
  private static final double FORGOTTEN = 0.8;

  private final RecentValues nanosPerDocument = new RecentValues(KEPT);

  /** Tells what so many documents took. */
  void add(int documents, long nanos) {
    if (documents > 0) {
      nanosPerDocument.add((double) nanos / documents);
    }
  }

  /**
   * How many documents are worth a try.
   *
   * @param nanosLeft of the budget
   * @return 0 if not even one is; {@code wanted} if nothing is known yet
   */
  int affordable(int wanted, long nanosLeft) {
    if (nanosPerDocument.isEmpty() || nanosLeft == Long.MAX_VALUE) {
      return wanted;
    }
    double hoped = HOPE * nanosLeft / Math.max(1, nanosPerDocument.quantile(0.5));
    if (hoped < 1) {
      nanosPerDocument.scale(FORGOTTEN);
      return 0;
    }
    return (int) Math.min(wanted, hoped);
  }
}
