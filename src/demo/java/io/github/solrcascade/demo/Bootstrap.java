package io.github.solrcascade.demo;

import java.util.Arrays;
import java.util.Random;

/**
 * The 95% confidence interval of a mean, by the percentile bootstrap (Efron, 1979): means of
 * samples drawn with replacement, the lowest and highest 2.5% cut off. The same values give the
 * same interval.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Bootstrap(double low, double high) {
  private static final int RESAMPLES = 10_000;
  private static final long SEED = 20_251_124;

  /** The interval of the mean of at least one value. */
  public static Bootstrap of(double... values) {
    Random random = new Random(SEED);
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      means[i] = resampledMean(values, random);
    }
    Arrays.sort(means);
    int tail = RESAMPLES / 40;
    return new Bootstrap(means[tail], means[RESAMPLES - 1 - tail]);
  }

  private static double resampledMean(double[] values, Random random) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[random.nextInt(values.length)];
    }
    return sum / values.length;
  }
}
