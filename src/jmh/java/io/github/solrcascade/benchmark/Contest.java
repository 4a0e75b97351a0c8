package io.github.solrcascade.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
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

  private final Map<String, Way> ways = new LinkedHashMap<>();

  Contest add(String name, Way way) {
    ways.put(name, way);
    return this;
  }

  /**
   * Runs every way so many times, each round in the order of {@link #add}.
   *
   * @param warmUps rounds that do not count
   * @return the median milliseconds of each way
   */
  Map<String, Double> run(int warmUps, int rounds) throws Exception {
    Map<String, double[]> millis = new LinkedHashMap<>();
    ways.keySet().forEach(name -> millis.put(name, new double[rounds]));
    for (int round = -warmUps; round < rounds; round++) {
      for (Map.Entry<String, Way> way : ways.entrySet()) {
        long start = System.nanoTime();
        way.getValue().go();
        double taken = (System.nanoTime() - start) / 1e6;
        if (round >= 0) {
          millis.get(way.getKey())[round] = taken;
        }
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    millis.forEach((name, all) -> medians.put(name, median(all)));
    return medians;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
