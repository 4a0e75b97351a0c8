package io.github.solrcascade.budget;

import java.util.Arrays;

/**
 * The last values of a kind, and their quantiles: exact over what is kept, and forgetting what is
 * older. Thread-safe.
 */
public final class RecentValues {
  private final double[] values;
  private long count;

  /** Keeps so many, at least 1. */
  public RecentValues(int kept) {
    values = new double[kept];
  }

  /** Adds a value, in the place of the oldest. */
  public synchronized void add(double value) {
    values[(int) (count++ % values.length)] = value;
  }

  /** Whether there is none yet. */
  public synchronized boolean isEmpty() {
    return count == 0;
  }

  /** Multiplies all by a factor. */
  public synchronized void scale(double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /**
   * The value that so large a part of them does not exceed.
   *
   * @param part from 0 to 1; 0.5 for the median
   * @return 0 if there is none
   */
  public double quantile(double part) {
    double[] sorted;
    synchronized (this) {
      sorted = Arrays.copyOf(values, (int) Math.min(count, values.length));
    }
    Arrays.sort(sorted);
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, (int) (part * sorted.length))];
  }
}
