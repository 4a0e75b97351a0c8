package io.github.solrcascade.demo;

import java.util.Arrays;

/** Percentiles of durations, by nearest rank. */
public final class Latencies {
  private final long[] sortedNanos;

  /** Of at least one duration, in any order. */
  public Latencies(long... nanos) {
    sortedNanos = nanos.clone();
    Arrays.sort(sortedNanos);
  }

  /**
   * The duration that so many percent do not exceed.
   *
   * @param percent above 0, at most 100
   */
  public double millis(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sortedNanos.length);
    return sortedNanos[rank - 1] / 1e6;
  }
}
