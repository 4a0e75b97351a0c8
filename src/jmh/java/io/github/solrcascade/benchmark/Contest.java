package io.github.solrcascade.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times several ways to do the same in turn, so that a machine that slows down slows all of them.
 *
 * <p>Not thread-safe.
 */
final class Contest {
  /** One of the ways. */
  @FunctionalInterface
  interface Way {
    void go() throws Exception;
  }

  private static final long PAUSE_MILLIS = 100;

  private final Map<String, Way> ways = new LinkedHashMap<>();

  Contest add(String name, Way way) {
    ways.put(name, way);
    return this;
  }

  /**
   * Runs every way so many times. Each round begins with the next way, and there is a pause before
   * each, since what a way leaves behind, such as a runtime's threads that spin for a while, would
   * fall on the one after it.
   *
   * @param warmUps rounds that do not count
   * @return the median milliseconds of each way
   */
  Map<String, Double> run(int warmUps, int rounds) throws Exception {
    List<String> names = List.copyOf(ways.keySet());
    Map<String, double[]> millis = new LinkedHashMap<>();
    names.forEach(name -> millis.put(name, new double[rounds]));
    for (int round = -warmUps; round < rounds; round++) {
      for (int turn = 0; turn < names.size(); turn++) {
        String name = names.get((round + warmUps + turn) % names.size());
        Thread.sleep(PAUSE_MILLIS);
        long start = System.nanoTime();
        ways.get(name).go();
        double taken = (System.nanoTime() - start) / 1e6;
        if (round >= 0) {
          millis.get(name)[round] = taken;
        }
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    millis.forEach((name, all) -> medians.put(name, median(all)));
    return medians;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
