package io.github.solrcascade.encoder;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Remembers what transformers computed, so that nothing is computed twice for the same texts and
 * model, be it in one request after another or in many at once. Keys are made of content alone: an
 * entry outlives commits, and copies of a document share it.
 *
 * <p>Only results of finished computations stay. Whoever waits for another's computation that fails
 * computes for itself.
 *
 * <p>Thread-safe. No lock is held while a model runs.
 */
final class OutputCache {
  /** What an entry takes beside its numbers: key, future, Caffeine's node, array header. */
  private static final int ENTRY_BYTES = 200;

  /** Computes results on the node's workers. */
  @FunctionalInterface
  interface Computation {
    /**
     * Computes what is missing, telling each result as soon as it is there.
     *
     * @param missing positions in the list of keys
     * @param done takes a result by the number of its position in {@code missing}
     */
    void run(int[] missing, Done done);
  }

  /** Takes a result. */
  @FunctionalInterface
  interface Done {
    void accept(int number, float[] result);
  }

  private final AsyncCache<OutputKey, float[]> cache;

  /** A cache whose entries together take at most so much heap. */
  OutputCache(long maxBytes) {
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((OutputKey key, float[] value) -> ENTRY_BYTES + Float.BYTES * value.length)
            .recordStats()
            // Where it stands, so that what has no room is gone before anyone can ask for it.
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * The results of these keys, in their order; what the cache lacks is computed, while there is
   * time. A result that there was no time for is null.
   *
   * @throws RuntimeException what the computation threw
   */
  List<float[]> get(List<OutputKey> keys, Computation computation, Deadline deadline) {
    Map<OutputKey, float[]> results = new LinkedHashMap<>();
    int distinct = new HashSet<>(keys).size();
    boolean last = false;
    while (results.size() < distinct && !last) {
      // What the cache holds costs nothing, so it is taken even if the time is up already.
      last = deadline.isPast();
      Round round = new Round(keys, results);
      // Whoever was told that there is no time for all need not ask again.
      last |= !round.compute(computation);
      round.await(deadline);
    }
    return keys.stream().map(results::get).collect(Collectors.toList());
  }

  /** The same without a deadline: all results. */
  List<float[]> get(List<OutputKey> keys, Computation computation) {
    return get(keys, computation, Deadline.NONE);
  }

  /**
   * The result of one key.
   *
   * @param computation computes it, and tells it as soon as it is there
   * @throws OutOfTime if the deadline passes before it is there
   */
  float[] getOne(OutputKey key, Consumer<Consumer<float[]>> computation, Deadline deadline) {
    float[] result =
        get(
                List.of(key),
                (missing, done) -> computation.accept(value -> done.accept(0, value)),
                deadline)
            .get(0);
    if (result == null) {
      throw new OutOfTime(deadline);
    }
    return result;
  }

  /** One pass over the keys that have no result yet. */
  private final class Round {
    private final Map<OutputKey, float[]> results;
    private final List<Integer> missing = new ArrayList<>();
    private final List<CompletableFuture<float[]>> own = new ArrayList<>();
    private final Map<OutputKey, CompletableFuture<float[]>> all = new LinkedHashMap<>();

    Round(List<OutputKey> keys, Map<OutputKey, float[]> results) {
      this.results = results;
      for (int i = 0; i < keys.size(); i++) {
        OutputKey key = keys.get(i);
        if (!results.containsKey(key) && !all.containsKey(key)) {
          claim(key, i);
        }
      }
    }

    private void claim(OutputKey key, int position) {
      CompletableFuture<float[]> mine = new CompletableFuture<>();
      CompletableFuture<float[]> found = cache.get(key, (k, executor) -> mine);
      all.put(key, found);
      if (found == mine) {
        own.add(mine);
        missing.add(position);
      }
    }

    /**
     * Whatever happens, nobody is left waiting: what did not come out is taken back.
     *
     * @return whether all came out
     */
    boolean compute(Computation computation) {
      if (own.isEmpty()) {
        return true;
      }
      try {
        computation.run(
            missing.stream().mapToInt(Integer::intValue).toArray(),
            (number, result) -> own.get(number).complete(result));
        return own.stream().allMatch(CompletableFuture::isDone);
      } finally {
        own.forEach(future -> future.cancel(false));
      }
    }

    void await(Deadline deadline) {
      all.forEach(
          (key, future) -> {
            try {
              while (!future.isDone() && !deadline.isPast()) {
                waitFor(future, deadline.nanosToWait());
              }
              if (future.isDone()) {
                results.put(key, future.get());
              }
            } catch (ExecutionException | CancellationException e) {
              // It was another's, or there was no time; the next round computes it here.
              return;
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new EncoderException("interrupted while a model ran for another request", e);
            }
          });
    }
  }

  private static void waitFor(CompletableFuture<float[]> future, long nanos)
      throws InterruptedException, ExecutionException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return;
    }
  }

  /** What it did since the start and holds now. */
  CacheStatistics statistics() {
    CacheStats stats = cache.synchronous().stats();
    long bytes =
        cache
            .synchronous()
            .policy()
            .eviction()
            .map(eviction -> eviction.weightedSize().orElse(0))
            .orElse(0L);
    return new CacheStatistics(
        stats.hitCount(),
        stats.missCount(),
        stats.evictionCount(),
        cache.synchronous().estimatedSize(),
        bytes);
  }

  /** Sets how much heap the entries may take; what is too much is evicted. */
  void resize(long maxBytes) {
    cache.synchronous().policy().eviction().ifPresent(e -> e.setMaximum(maxBytes));
  }
}
