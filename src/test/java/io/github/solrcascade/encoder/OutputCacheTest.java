package io.github.solrcascade.encoder;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

/** Nothing is computed twice, nothing broken is remembered, nobody waits for ever. */
public class OutputCacheTest {
  private final OutputCache cache = new OutputCache(1 << 20);
  private final AtomicInteger computed = new AtomicInteger();
  private final ExecutorService clients = Executors.newFixedThreadPool(16);

  @After
  public void stopClients() {
    clients.shutdownNow();
  }

  private static OutputKey key(int number) {
    return OutputKey.of("model", 64, "text " + number);
  }

  private static List<OutputKey> keys(int... numbers) {
    return IntStream.of(numbers).mapToObj(OutputCacheTest::key).toList();
  }

  /** The result for text n is n. */
  private float[] get(int... numbers) {
    List<float[]> results =
        cache.get(
            keys(numbers),
            (missing, done) -> {
              for (int i = 0; i < missing.length; i++) {
                computed.incrementAndGet();
                done.accept(i, new float[] {numbers[missing[i]]});
              }
            });
    float[] all = new float[results.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = results.get(i)[0];
    }
    return all;
  }

  @Test
  public void onlyWhatIsMissingIsComputed() {
    assertArrayEquals(new float[] {1, 2, 1}, get(1, 2, 1), 0);
    assertEquals(2, computed.get());
    assertArrayEquals(new float[] {3, 2, 1}, get(3, 2, 1), 0);
    assertEquals(3, computed.get());
    assertArrayEquals(new float[0], get(), 0);
  }

  @Test
  public void sixteenAtOnceMakeOneComputation() throws Exception {
    CountDownLatch allHere = new CountDownLatch(16);
    List<Callable<List<float[]>>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      calls.add(
          () -> {
            allHere.countDown();
            allHere.await();
            return cache.get(
                keys(1, 2),
                (missing, done) -> {
                  computed.addAndGet(missing.length);
                  IntStream.range(0, missing.length)
                      .forEach(n -> done.accept(n, new float[] {missing[n]}));
                });
          });
    }
    for (Future<List<float[]>> call : clients.invokeAll(calls)) {
      assertEquals(2, call.get().size());
    }
    assertEquals(2, computed.get());
  }

  @Test
  public void whatFailsIsForgottenAndWhatWasDoneIsKept() {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () ->
                cache.get(
                    keys(1, 2),
                    (missing, done) -> {
                      done.accept(0, new float[] {1});
                      throw new IllegalStateException("broken");
                    }));
    assertEquals("broken", failure.getMessage());
    assertArrayEquals(new float[] {1, 2}, get(1, 2), 0);
    assertEquals("text 1 was there", 1, computed.get());
  }

  @Test
  public void whoWaitsForOneThatFailsComputesForItself() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    Future<?> failing =
        clients.submit(
            () ->
                cache.get(
                    keys(1),
                    (missing, done) -> {
                      begun.countDown();
                      await(fail);
                      throw new IllegalStateException("broken");
                    }));
    begun.await();
    Future<float[]> waiting = clients.submit(() -> get(1));
    fail.countDown();
    assertArrayEquals(new float[] {1}, waiting.get(), 0);
    assertThrows(Exception.class, failing::get);
  }

  @Test
  public void interruptedWaitersLeave() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Future<float[]> owner =
        clients.submit(
            () ->
                cache
                    .get(
                        keys(1),
                        (missing, done) -> {
                          begun.countDown();
                          await(finish);
                          done.accept(0, new float[] {1});
                        })
                    .get(0));
    begun.await();
    Thread.currentThread().interrupt();
    assertThrows(EncoderException.class, () -> get(1));
    assertTrue(Thread.interrupted());
    finish.countDown();
    assertArrayEquals(new float[] {1}, owner.get(), 0);
  }

  @Test
  public void whatThereIsNoTimeForIsAskedForOnce() {
    get(0, 2);
    AtomicInteger asked = new AtomicInteger();
    List<float[]> results =
        cache.get(
            keys(0, 1, 2, 3),
            (missing, done) -> {
              asked.incrementAndGet();
              done.accept(0, new float[] {1});
            });
    assertEquals(1, asked.get());
    assertArrayEquals(new float[] {0}, results.get(0), 0);
    assertArrayEquals(new float[] {1}, results.get(1), 0);
    assertArrayEquals(new float[] {2}, results.get(2), 0);
    assertNull(results.get(3));
    assertArrayEquals("it is computed when there is time", new float[] {3}, get(3), 0);
  }

  @Test
  public void isBounded() {
    OutputCache small = new OutputCache(10_000);
    for (int i = 0; i < 1000; i++) {
      small.get(keys(i), (missing, done) -> done.accept(0, new float[] {1}));
    }
    small.resize(10_000); // settles what is due
    assertTrue(small.statistics() + "", small.statistics().bytes() <= 10_000);
    assertTrue(small.statistics().evictions() > 900);
  }

  @Test
  public void withoutRoomItStillGivesResults() {
    OutputCache none = new OutputCache(0);
    float[] result = none.get(keys(1), (missing, done) -> done.accept(0, new float[] {7})).get(0);
    assertArrayEquals(new float[] {7}, result, 0);
    assertEquals(0, none.statistics().entries());
  }

  @Test
  public void keysTellContentApart() {
    assertEquals(OutputKey.of("m", 64, "a", "b"), OutputKey.of("m", 64, "a", "b"));
    assertNotEquals(OutputKey.of("m", 64, "ab", ""), OutputKey.of("m", 64, "a", "b"));
    assertNotEquals(OutputKey.of("m", 64, "a"), OutputKey.of("m", 65, "a"));
    assertNotEquals(OutputKey.of("m", 64, "a"), OutputKey.of("n", 64, "a"));
    assertNotEquals(OutputKey.of("m", 64, "a", ""), OutputKey.of("m", 64, "a"));
  }

  @Test
  public void manyClientsWithFailuresGetTheRightResults() throws Exception {
    Random seeds = new Random(7);
    List<Callable<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Random random = new Random(seeds.nextLong());
      calls.add(() -> oneOfMany(random));
    }
    for (Future<Void> call : clients.invokeAll(calls)) {
      call.get();
    }
  }

  /** A few texts of a few, of which one computation in five breaks half-way. */
  private Void oneOfMany(Random random) {
    int[] numbers = random.ints(5, 0, 12).toArray();
    try {
      List<float[]> results =
          cache.get(
              keys(numbers),
              (missing, done) -> {
                for (int i = 0; i < missing.length; i++) {
                  if (random.nextInt(5) == 0) {
                    throw new IllegalStateException("now and then");
                  }
                  done.accept(i, new float[] {numbers[missing[i]]});
                }
              });
      for (int i = 0; i < numbers.length; i++) {
        assertEquals(numbers[i], results.get(i)[0], 0);
      }
    } catch (IllegalStateException e) {
      assertEquals("now and then", e.getMessage());
    }
    if (random.nextInt(20) == 0) {
      cache.resize(0);
      cache.resize(1 << 20);
    }
    return null;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
