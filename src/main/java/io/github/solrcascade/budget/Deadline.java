package io.github.solrcascade.budget;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * When a request's time is up: a budget that began to run when this was made, and limits of another
 * kind that can only be asked. Whichever comes first binds.
 *
 * <p>The budget may be asked by any thread, the limits by the request's own only.
 */
public final class Deadline {
  /** No budget and no limits. */
  public static final Deadline NONE = new Deadline(0, () -> false, false);

  /** How long whoever waits may sleep before the limits are asked again. */
  private static final long LIMITS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** At most so much of a budget is kept back. */
  private static final long MOST_RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final long start = System.nanoTime();
  private final long budgetMillis;
  private final BooleanSupplier limits;
  private final boolean limited;

  private Deadline(long budgetMillis, BooleanSupplier limits, boolean limited) {
    this.budgetMillis = budgetMillis;
    this.limits = limits;
    this.limited = limited;
  }

  /**
   * A budget of at least 1 ms, from now. A fifth of it, at most 5 ms, is kept back for what comes
   * after the last pair: on a busy machine it takes milliseconds until whoever waits runs again.
   */
  public static Deadline ofMillis(long budgetMillis) {
    return new Deadline(budgetMillis, () -> false, false);
  }

  /** The same budget, from now, and limits, which are asked in the request's thread. */
  public Deadline and(BooleanSupplier otherLimits) {
    return new Deadline(budgetMillis, otherLimits, true);
  }

  /** Whether there is anything to keep to. */
  public boolean isBinding() {
    return budgetMillis > 0 || limited;
  }

  /** Whether the budget is spent; any thread may ask. */
  public boolean isSpent() {
    return budgetMillis > 0 && nanosLeft() <= 0;
  }

  /** Whether the budget is spent or a limit reached; the request's thread asks. */
  public boolean isPast() {
    return isSpent() || limits.getAsBoolean();
  }

  /**
   * Stops work that has no time left; the request's thread asks.
   *
   * @throws OutOfTime if the time is up
   */
  public void check() {
    if (isPast()) {
      throw new OutOfTime(this);
    }
  }

  /** Nanoseconds left of the budget, below 0 once it is spent; very many without a budget. */
  public long nanosLeft() {
    return budgetMillis == 0 ? Long.MAX_VALUE : spendableNanos() - (System.nanoTime() - start);
  }

  private long spendableNanos() {
    long whole = TimeUnit.MILLISECONDS.toNanos(budgetMillis);
    return whole - Math.min(whole / 5, MOST_RESERVE_NANOS);
  }

  /** How long the request's thread may wait before it asks {@link #isPast} again. */
  public long nanosToWait() {
    return Math.max(0, limited ? Math.min(LIMITS_NANOS, nanosLeft()) : nanosLeft());
  }

  /** What was up, for responses; if neither is, whoever asks found that the rest is too little. */
  @Override
  public String toString() {
    if (isSpent()) {
      return "its budget of " + budgetMillis + " ms was spent";
    }
    return limits.getAsBoolean()
        ? "the query's limit was reached"
        : "too little of its time was left for the encoders";
  }
}
