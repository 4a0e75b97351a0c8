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
  private static final long UNLIMITED = Long.MAX_VALUE;

  /** No budget and no limits. */
  public static final Deadline NONE = new Deadline(0, 0, new Lateness(), null, UNLIMITED);

  /** How long whoever waits may sleep before the limits are asked again. */
  private static final long LIMITS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** So much of a budget is kept back, or a fifth, whichever is less, even if nothing is late. */
  private static final long RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final long start;
  private final long budgetMillis;
  private final long spendableNanos;
  private final Lateness lateness;

  /** Null if there are none. */
  private final BooleanSupplier limits;

  /** When the limits are reached at the latest, counted from the start. */
  private final long limitNanos;

  private Deadline(
      long start, long budgetMillis, Lateness lateness, BooleanSupplier limits, long limitNanos) {
    this.start = start;
    this.budgetMillis = budgetMillis;
    this.spendableNanos = spendable(budgetMillis, lateness);
    this.lateness = lateness;
    this.limits = limits;
    this.limitNanos = limitNanos;
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
    return new Deadline(System.nanoTime(), budgetMillis, lateness, null, UNLIMITED);
  }

  /** Tells that all that had to keep to it is done. */
  public void ended() {
    if (budgetMillis > 0) {
      lateness.add(-budgetLeft());
    }
  }

  /** The same budget, of which so much is spent already. */
  public static Deadline ofMillis(long budgetMillis, long spentMillis, Lateness lateness) {
    long start = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(spentMillis);
    return new Deadline(start, budgetMillis, lateness, null, UNLIMITED);
  }

  /** The same budget, and limits of which none is a time; the request's thread asks them. */
  public Deadline and(BooleanSupplier otherLimits) {
    return and(otherLimits, UNLIMITED);
  }

  /**
   * The same budget, and limits, which the request's thread asks.
   *
   * @param nanosLeft when they are reached at the latest, so that nothing is begun that cannot be
   *     done before; {@code Long.MAX_VALUE} if time is none of them
   */
  public Deadline and(BooleanSupplier otherLimits, long nanosLeft) {
    long from = budgetMillis == 0 ? System.nanoTime() : start;
    long end = nanosLeft == UNLIMITED ? UNLIMITED : System.nanoTime() - from + nanosLeft;
    return new Deadline(from, budgetMillis, lateness, otherLimits, end);
  }

  /** Whether there is anything to keep to. */
  public boolean isBinding() {
    return budgetMillis > 0 || isLimited();
  }

  private boolean isLimited() {
    return limits != null;
  }

  private boolean isLimitReached() {
    return isLimited() && limits.getAsBoolean();
  }

  /** Whether the budget is spent; any thread may ask. */
  public boolean isSpent() {
    return budgetLeft() <= 0;
  }

  /** Whether the budget is spent or a limit reached; the request's thread asks. */
  public boolean isPast() {
    return isSpent() || isLimitReached();
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

  /** Nanoseconds left, below 0 once the time is up; {@code Long.MAX_VALUE} if nothing limits it. */
  public long nanosLeft() {
    return limitNanos == UNLIMITED
        ? budgetLeft()
        : Math.min(budgetLeft(), limitNanos - (System.nanoTime() - start));
  }

  private long budgetLeft() {
    return budgetMillis == 0 ? UNLIMITED : spendableNanos - (System.nanoTime() - start);
  }

  /** How long the request's thread may wait before it asks {@link #isPast} again. */
  public long nanosToWait() {
    return Math.max(0, isLimited() ? Math.min(LIMITS_NANOS, nanosLeft()) : nanosLeft());
  }

  /** What was up, for responses; if neither is, whoever asks found that the rest is too little. */
  @Override
  public String toString() {
    if (isSpent()) {
      return "its budget of " + budgetMillis + " ms was spent";
    }
    return isLimitReached()
        ? "the query's limit was reached"
        : "too little of its time was left for the encoders";
  }
}
