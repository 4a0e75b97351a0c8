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
  public static final Deadline NONE = new Deadline(0, 0, new Lateness(), () -> false, false);

  /** How long whoever waits may sleep before the limits are asked again. */
  private static final long LIMITS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** So much of a budget is kept back, or a fifth, whichever is less, even if nothing is late. */
  private static final long RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final long start;
  private final long budgetMillis;
  private final long spendableNanos;
  private final Lateness lateness;
  private final BooleanSupplier limits;
  private final boolean limited;

  private Deadline(
      long start, long budgetMillis, Lateness lateness, BooleanSupplier limits, boolean limited) {
    this.start = start;
    this.budgetMillis = budgetMillis;
    this.spendableNanos = spendable(budgetMillis, lateness);
    this.lateness = lateness;
    this.limits = limits;
    this.limited = limited;
  }

  private static long spendable(long budgetMillis, Lateness lateness) {
    long whole = TimeUnit.MILLISECONDS.toNanos(budgetMillis);
    long least = Math.min(whole / 5, RESERVE_NANOS);
    return whole - Math.max(least, Math.min(whole / 2, lateness.nanos()));
  }

  /**
   * A budget of at least 1 ms, from now. A fifth of it, at most 5 ms, is kept back for what comes
   * after the last pair: on a busy machine it takes milliseconds until whoever waits runs again.
   */
  public static Deadline ofMillis(long budgetMillis) {
    return ofMillis(budgetMillis, new Lateness());
  }

  /**
   * The same, but that more is kept back, up to half, if requests were late of late.
   *
   * @param lateness is told of this request when it ended
   */
  public static Deadline ofMillis(long budgetMillis, Lateness lateness) {
    return new Deadline(System.nanoTime(), budgetMillis, lateness, () -> false, false);
  }

  /** Tells that all that had to keep to it is done. */
  public void ended() {
    if (budgetMillis > 0) {
      lateness.add(-nanosLeft());
    }
  }

  /** A budget of which so much is spent already. */
  public static Deadline ofMillis(long budgetMillis, long spentMillis) {
    long start = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(spentMillis);
    return new Deadline(start, budgetMillis, new Lateness(), () -> false, false);
  }

  /** The same budget and limits, which are asked in the request's thread. */
  public Deadline and(BooleanSupplier otherLimits) {
    return new Deadline(start, budgetMillis, lateness, otherLimits, true);
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
    return budgetMillis == 0 ? Long.MAX_VALUE : spendableNanos - (System.nanoTime() - start);
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
