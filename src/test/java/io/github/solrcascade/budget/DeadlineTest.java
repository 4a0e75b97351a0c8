package io.github.solrcascade.budget;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** What is tightest binds. */
public class DeadlineTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static boolean isNear(long seconds, Deadline deadline) {
    return Math.abs(deadline.nanosLeft() - seconds * SECOND) < SECOND / 2;
  }

  @Test
  public void aLimitOfTimeTellsWhatIsLeft() {
    Deadline limited = Deadline.NONE.and(() -> false, 20 * SECOND);
    assertTrue(isNear(20, limited));
    assertTrue(limited.isBinding());
    assertFalse(limited.isPast());
  }

  @Test
  public void theTightestBinds() {
    Deadline budget = Deadline.ofMillis(40_000);
    assertTrue(isNear(20, budget.and(() -> false, 20 * SECOND)));
    assertTrue(isNear(40, budget.and(() -> false, 60 * SECOND)));
    assertTrue(isNear(40, budget.and(() -> false)));
    // A shard's share of a budget that began elsewhere.
    assertTrue(
        isNear(
            10, Deadline.ofMillis(40_000, 30_000, new Lateness()).and(() -> false, 20 * SECOND)));
  }

  @Test
  public void aLimitThatIsNoTimeLeavesNanosAlone() {
    assertEquals(Long.MAX_VALUE, Deadline.NONE.and(() -> false).nanosLeft());
    assertEquals(Long.MAX_VALUE, Deadline.NONE.nanosLeft());
    assertFalse(Deadline.NONE.isBinding());
  }

  @Test
  public void whatIsPastSaysWhichItWas() {
    assertEquals("the query's limit was reached", Deadline.NONE.and(() -> true, -1).toString());
    assertTrue(Deadline.NONE.and(() -> true, -1).nanosLeft() < 0);
    assertEquals(
        "its budget of 1 ms was spent",
        Deadline.ofMillis(1, 5, new Lateness()).and(() -> false, SECOND).toString());
  }
}
