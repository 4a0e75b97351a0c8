package io.github.solrcascade.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.Test;

public class StatisticsTest {

  @Test
  public void aPercentileIsTheNearestRank() {
    Latencies latencies = new Latencies(4_000_000, 1_000_000, 3_000_000, 2_000_000);

    assertEquals(2, latencies.millis(50), 0);
    assertEquals(4, latencies.millis(95), 0);
  }

  @Test
  public void theSameValuesGiveTheSameInterval() {
    assertEquals(Bootstrap.of(0.1, 0.5, 0.9), Bootstrap.of(0.1, 0.5, 0.9));
  }

  @Test
  public void theIntervalOfOneValueIsThatValue() {
    assertEquals(new Bootstrap(0.5, 0.5), Bootstrap.of(0.5, 0.5, 0.5));
  }

  @Test
  public void theIntervalIsAboutTwoStandardErrorsEitherSide() {
    double[] values = new Random(1).doubles(100).toArray();
    double mean = DoubleStream.of(values).average().orElseThrow();
    double variance = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum() / 100;
    double error = Math.sqrt(variance / 100);

    Bootstrap interval = Bootstrap.of(values);

    assertEquals(mean - 1.96 * error, interval.low(), 0.1 * error);
    assertEquals(mean + 1.96 * error, interval.high(), 0.1 * error);
  }

  @Test
  public void theIntervalHoldsTheTrueMeanAboutNineteenTimesInTwenty() {
    Random random = new Random(2);
    int holds = 0;
    for (int i = 0; i < 100; i++) {
      Bootstrap interval = Bootstrap.of(random.doubles(40).toArray());
      holds += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
    }
    assertTrue(holds + " of 100", holds >= 88 && holds <= 100);
  }
}
