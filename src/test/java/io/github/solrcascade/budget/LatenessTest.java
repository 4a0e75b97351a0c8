package io.github.solrcascade.budget;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** What is kept back from a budget follows what is lost after it, and is soon forgotten. */
public class LatenessTest {
  private final AtomicLong time = new AtomicLong();
  private final Lateness lateness = new Lateness(time::get);

  private void add(int requests, long millis) {
    for (int i = 0; i < requests; i++) {
      lateness.add(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(lateness.nanos());
  }

  @Test
  public void isWhatFewExceed() {
    assertEquals(0, millis());
    add(97, -3);
    assertEquals("those in time count as 0", 0, millis());
    add(2, 40);
    add(1, 70);
    assertEquals(70, millis());
    add(300, 1);
    assertEquals("the last 256", 1, millis());
  }

  @Test
  public void isForgottenInTwoSeconds() {
    add(10, 40);
    time.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_900));
    assertEquals(40, millis());
    add(1, 5);
    time.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
    assertEquals(5, millis());
  }

  @Test
  public void atMostHalfOfABudgetIsKeptBack() {
    Lateness now = new Lateness();
    long whole = TimeUnit.SECONDS.toNanos(100);
    long calm = Deadline.ofMillis(100_000, now).nanosLeft();
    assertTrue("5 ms are kept back", calm > 0.99 * whole && calm < whole - 4_000_000);
    now.add(TimeUnit.SECONDS.toNanos(20));
    long busy = Deadline.ofMillis(100_000, now).nanosLeft();
    assertTrue(busy + "", busy > 0.79 * whole && busy <= 0.8 * whole);
    now.add(TimeUnit.SECONDS.toNanos(900));
    long late = Deadline.ofMillis(100_000, now).nanosLeft();
    assertTrue(late + "", late > 0.49 * whole && late <= 0.5 * whole);
  }

  @Test
  public void aDeadlineTellsHowLateItsRequestWas() throws Exception {
    Lateness now = new Lateness();
    Deadline.ofMillis(60_000, now).ended();
    assertEquals(0, now.nanos());
    Deadline spent = Deadline.ofMillis(1, now);
    while (!spent.isSpent()) {
      Thread.onSpinWait();
    }
    Thread.sleep(5);
    spent.ended();
    assertTrue(now.nanos() > 1_000_000);
    assertFalse(Deadline.NONE.isSpent());
    Deadline.NONE.ended();
  }
}
