package io.github.solrcascade.encoder;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.Workers.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
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

  private final RunStatistics statistics = new RunStatistics();

  private void runAll(int count, IntConsumer task, Deadline deadline, Breaker breakerOf) {
    Load load = new Load(count, 1_000_000, Long.MAX_VALUE);
    assertEquals(count, workers.runAll(load, task, deadline, breakerOf, statistics));
  }

  /** Of tasks that take a millisecond each, so many that must be done in so many milliseconds. */
  private int runInTime(int count, long millis, IntConsumer task) {
    Load load = new Load(count, 1_000_000, 1_000_000 * millis);
    return workers.runAll(load, task, Deadline.NONE, breaker, statistics);
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

    runAll(
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
    runAll(1000, n -> sleep(10), Deadline.ofMillis(50), breaker);
    AtomicInteger done = new AtomicInteger();
    long start = System.nanoTime();

    runAll(10, n -> done.incrementAndGet(), Deadline.NONE, breaker);

    assertEquals(10, done.get());
    assertTrue("took " + millisSince(start), millisSince(start) < 1000);
  }

  @Test(timeout = 20_000)
  public void aTaskThatHangsDoesNotHoldItsCaller() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    runAll(
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
                runAll(
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
  public void onlyWhatThereIsTimeForIsLetIn() {
    AtomicInteger done = new AtomicInteger();
    // Two workers, and a quarter more than they can be expected to do.
    assertEquals(10, runInTime(100, 4, n -> done.incrementAndGet()));
    assertEquals(10, done.get());
    assertEquals(90, statistics.refused());
    assertEquals("one of 1 ms in no time", 0, runInTime(100, 0, n -> done.incrementAndGet()));
    assertEquals(10, done.get());
    assertEquals(7, runInTime(7, 1000, n -> done.incrementAndGet()));
  }

  @Test(timeout = 20_000)
  public void whoComesLateIsLetInForWhatTheOthersLeave() throws Exception {
    ExecutorService others = Executors.newCachedThreadPool();
    List<Future<?>> calls = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(2);
    IntConsumer hanging =
        n -> {
          begun.countDown();
          hang();
        };
    calls.add(others.submit(() -> runAll(40, hanging, Deadline.NONE, breaker)));
    begun.await();
    // Twenty have their turn before: in 8 ms, or with hope in 10 ms, two workers do no more.
    assertEquals(0, runInTime(20, 8, n -> fail()));
    calls.add(others.submit(() -> assertEquals(10, runInTime(20, 12, n -> {}))));
    while (statistics.refused() < 30) {
      Thread.onSpinWait();
    }
    // A single one has its turn when each of the others had one.
    calls.add(others.submit(() -> assertEquals(1, runInTime(1, 2, n -> {}))));
    sleep(100);
    release.countDown();
    for (Future<?> call : calls) {
      call.get();
    }
    others.shutdown();
    assertEquals("nothing is left behind", 100, runInTime(100, 40, n -> {}));
  }

  @Test(timeout = 60_000)
  public void aFloodLeavesNothingBehind() throws Exception {
    Random seeds = new Random(11);
    ExecutorService clients = Executors.newFixedThreadPool(64);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger letIn = new AtomicInteger();
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Random random = new Random(seeds.nextLong());
      calls.add(
          () -> {
            int count = 1 + random.nextInt(20);
            Load load = new Load(count, 100_000, 10_000_000);
            int let =
                workers.runAll(
                    load, n -> begun.incrementAndGet(), Deadline.ofMillis(12), breaker, statistics);
            letIn.addAndGet(let);
            return count;
          });
    }
    int asked = 0;
    for (Future<Integer> call : clients.invokeAll(calls)) {
      asked += call.get();
    }
    clients.shutdown();
    assertEquals(asked, letIn.get() + statistics.refused());
    assertTrue(begun + " of " + letIn, begun.get() > 0 && begun.get() <= letIn.get());
    assertEquals("nothing is left behind", 100, runInTime(100, 40, n -> {}));
  }

  @Test(timeout = 20_000)
  public void aThreadThatHangsIsReplaced() {
    for (int i = 0; i < 4; i++) {
      EncoderException failure =
          assertThrows(
              EncoderException.class, () -> runAll(1, n -> hang(), Deadline.NONE, breaker));
      assertEquals("a model was given up after 1 s", failure.getMessage());
    }
    AtomicInteger done = new AtomicInteger();
    runAll(10, n -> done.incrementAndGet(), Deadline.NONE, breaker);
    assertEquals(10, done.get());
  }

  @Test
  public void aModelThatFailsAgainAndAgainIsSwitchedOffAndTriedAgain() {
    AtomicLong time = new AtomicLong();
    Breaker timed = new Breaker("model 'deep'", time::get);
    AtomicInteger calls = new AtomicInteger();
    IntConsumer failing =
        n -> {
          calls.incrementAndGet();
          throw new IllegalStateException("no memory");
        };
    for (int i = 0; i < 5; i++) {
      assertThrows(IllegalStateException.class, () -> runAll(1, failing, Deadline.NONE, timed));
    }
    EncoderException off =
        assertThrows(EncoderException.class, () -> runAll(1, failing, Deadline.NONE, timed));
    assertEquals(
        "model 'deep' is switched off after 5 failures in a row, the last: no memory; it is tried"
            + " again in 6 s",
        off.getMessage());
    assertEquals(5, calls.get());

    time.addAndGet(Breaker.REST_NANOS);
    assertThrows(IllegalStateException.class, () -> runAll(1, failing, Deadline.NONE, timed));
    assertThrows(EncoderException.class, () -> runAll(1, n -> {}, Deadline.NONE, timed));

    time.addAndGet(Breaker.REST_NANOS);
    runAll(1, n -> {}, Deadline.NONE, timed);
    runAll(1, n -> {}, Deadline.NONE, timed);
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
