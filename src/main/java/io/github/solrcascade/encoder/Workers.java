package io.github.solrcascade.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run models: one a core, shared by every model and request of the node, so that
 * however many requests come, models never fight for a core. Each runs one text or pair at a time.
 */
final class Workers implements AutoCloseable {
  private final ExecutorService threads;

  Workers(int count) {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "cascade-encoder-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs the tasks and waits for them. If one fails, or the caller is interrupted, those that have
   * not begun are dropped.
   *
   * @return results in the tasks' order
   */
  <T> List<T> runAll(List<Callable<T>> tasks) {
    List<Future<T>> futures = new ArrayList<>();
    try {
      for (Callable<T> task : tasks) {
        futures.add(threads.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EncoderException("interrupted while models ran", e);
    } catch (RejectedExecutionException | CancellationException e) {
      throw new IllegalStateException("the node's encoders are closed", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new EncoderException("a model failed, " + e.getCause(), e.getCause());
    } finally {
      futures.forEach(future -> future.cancel(false));
    }
  }

  /** Lets what has begun come to its end, for at most ten seconds, and drops the rest. */
  @Override
  public void close() {
    // Nobody else would ever complete them, and their callers wait for that.
    threads.shutdownNow().forEach(task -> ((Future<?>) task).cancel(false));
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a model still runs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
