package io.github.solrcascade.encoder;

import static org.junit.Assert.assertEquals;

import io.github.solrcascade.encoder.Manifest.Speed;
import org.junit.Test;

/** An estimate that is a line at first and follows what is seen. */
public class RunCostTest {
  private final RunCost cost = new RunCost(new Speed(2, 0.5));

  /** In milliseconds, of texts of so many characters. */
  private double estimate(int... characters) {
    return cost.estimate(characters, 64) / 1e6;
  }

  @Test
  public void beginsWithTheLine() {
    assertEquals(2 + 0.5 * (3 + 10), estimate(40), 1e-6);
    assertEquals("cut at 64 tokens", 2 + 0.5 * 64, estimate(100_000), 1e-6);
    assertEquals("the mean", (3.5 + 8.5) / 2, estimate(0, 40), 1e-6);
    assertEquals(0, cost.millis(0.5), 0);
  }

  @Test
  public void followsTheMedianOfWhatIsSeen() {
    // Three times as slow as the line, and now and then far slower.
    for (int i = 0; i < 40; i++) {
      cost.add(40, 64, i % 5 == 0 ? 900_000_000L : 25_500_000L);
    }
    assertEquals(3 * 8.5, estimate(40), 1e-6);
    assertEquals("for other lengths too", 3 * 34, estimate(100_000), 1e-6);
    assertEquals(25.5, cost.millis(0.5), 1e-6);
    assertEquals(900, cost.millis(0.99), 1e-6);
  }

  @Test
  public void whatIsRefusedIsForgotten() {
    cost.forget();
    assertEquals(0.8 * 8.5, estimate(40), 1e-6);
  }

  @Test
  public void aFewRunsAreNotEnough() {
    cost.add(40, 64, 85_000_000);
    cost.add(40, 64, 85_000_000);
    assertEquals(8.5, estimate(40), 1e-6);
  }
}
