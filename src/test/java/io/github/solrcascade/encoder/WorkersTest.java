package io.github.solrcascade.encoder;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.github.solrcascade.budget.Deadline;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.After;
import org.junit.Test;

/** Who has no more time leaves at once, and leaves nothing behind in the queue. */
public class WorkersTest {
  private final Workers workers = new Workers(2, 1000);
  private final Breaker breaker = new Breaker("test", System::nanoTime);
  private final CountDownLatch release = new CountDownLatch(1);

  @After
  public void close() {
    release.countDown();
    workers.close();
  }

  private void hang() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  @Test(timeout = 20_000)
  public void aSpentBudgetEndsTheWaitAndDropsTheRest() {
    AtomicInteger begun = new AtomicInteger();
    long start = System.nanoTime();

    workers.runAll(
        100,
        n -> {
          begun.incrementAndGet();
          sleep(20);
        },
        Deadline.ofMillis(100),
        breaker);

    double took = millisSince(start);
    assertTrue("took " + took, took >= 80 && took < 1000);
    sleep(100);
    assertTrue(begun + " of 100 were begun", begun.get() < 60);
  }

  @Test(timeout = 20_000)
  public void whoeverGaveUpIsNotInTheWayOfTheNext() {
    workers.runAll(1000, n -> sleep(10), Deadline.ofMillis(50), breaker);
    AtomicInteger done = new AtomicInteger();
    long start = System.nanoTime();

    workers.runAll(10, n -> done.incrementAndGet(), Deadline.NONE, breaker);

    assertEquals(10, done.get());
    assertTrue("took " + millisSince(start), millisSince(start) < 1000);
  }

  @Test(timeout = 20_000)
  public void aTaskThatHangsDoesNotHoldItsCaller() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    workers.runAll(
        5,
        n -> {
          if (n == 0) {
            hang();
          }
          done.add(n);
        },
        Deadline.ofMillis(200),
        breaker);
    assertEquals("the other worker did the rest", Set.of(1, 2, 3, 4), Set.copyOf(done));
  }

  @Test(timeout = 20_000)
  public void aLimitEndsTheWaitToo() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    ExecutorService caller = Executors.newSingleThreadExecutor();
    CountDownLatch begun = new CountDownLatch(1);
    Future<?> call =
        caller.submit(
            () ->
                workers.runAll(
                    100,
                    n -> {
                      begun.countDown();
                      hang();
                    },
                    Deadline.NONE.and(cancelled::get),
                    breaker));
    begun.await();
    cancelled.set(true);
    call.get(5, TimeUnit.SECONDS);
    caller.shutdown();
  }

  @Test(timeout = 20_000)
  public void aThreadThatHangsIsReplaced() {
    for (int i = 0; i < 4; i++) {
      EncoderException failure =
          assertThrows(
              EncoderException.class, () -> workers.runAll(1, n -> hang(), Deadline.NONE, breaker));
      assertEquals("a model was given up after 1 s", failure.getMessage());
    }
    AtomicInteger done = new AtomicInteger();
    workers.runAll(10, n -> done.incrementAndGet(), Deadline.NONE, breaker);
    assertEquals(10, done.get());
  }

  @Test
  public void aModelThatFailsAgainAndAgainIsSwitchedOffAndTriedAgain() {
    AtomicLong time = new AtomicLong();
    Breaker timed = new Breaker("deep", time::get);
    AtomicInteger calls = new AtomicInteger();
    IntConsumer failing =
        n -> {
          calls.incrementAndGet();
          throw new IllegalStateException("no memory");
        };
    for (int i = 0; i < 5; i++) {
      assertThrows(
          IllegalStateException.class, () -> workers.runAll(1, failing, Deadline.NONE, timed));
    }
    EncoderException off =
        assertThrows(
            EncoderException.class, () -> workers.runAll(1, failing, Deadline.NONE, timed));
    assertEquals(
        "model 'deep' is switched off after 5 failures in a row, the last: no memory; it is tried"
            + " again in 6 s",
        off.getMessage());
    assertEquals(5, calls.get());

    time.addAndGet(Breaker.REST_NANOS);
    assertThrows(
        IllegalStateException.class, () -> workers.runAll(1, failing, Deadline.NONE, timed));
    assertThrows(EncoderException.class, () -> workers.runAll(1, n -> {}, Deadline.NONE, timed));

    time.addAndGet(Breaker.REST_NANOS);
    workers.runAll(1, n -> {}, Deadline.NONE, timed);
    workers.runAll(1, n -> {}, Deadline.NONE, timed);
    assertFalse(timed.isOpen());
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
