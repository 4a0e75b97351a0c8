package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The threads that run models: one a core, shared by every model and request of the node, so that
 * however many requests come, models never fight for a core. Each runs one text or pair at a time.
 *
 * <p>Batches take turns, a pair each, so that a small one does not wait for the end of a large one
 * that came before it.
 */
final class Workers implements AutoCloseable {
  private final BlockingQueue<Batch> turns = new LinkedBlockingQueue<>();
  private final ExecutorService threads;
  private volatile boolean closed;

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
    for (int i = 0; i < count; i++) {
      threads.execute(this::serve);
    }
  }

  private void serve() {
    try {
      while (!closed) {
        Batch batch = turns.take();
        int unit = batch.next();
        if (batch.hasNext()) {
          queue(batch);
        }
        batch.run(unit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void queue(Batch batch) {
    turns.add(batch);
    if (closed) {
      abandonAll();
    }
  }

  private void abandonAll() {
    for (Batch batch = turns.poll(); batch != null; batch = turns.poll()) {
      batch.fail(new IllegalStateException("the node's encoders are closed"));
    }
  }

  /**
   * Runs a task for each number from 0 to {@code count} − 1, in this order, and waits for all, but
   * no longer than the caller has time. If one fails, the time is up or the caller is interrupted,
   * those that have not begun are dropped, and those that have are not waited for.
   *
   * @throws EncoderException if the caller is interrupted, or a task throws an error
   * @throws IllegalStateException if the workers are closed
   * @throws RuntimeException what a task threw
   */
  void runAll(int count, IntConsumer task, Deadline deadline) {
    if (count == 0) {
      return;
    }
    Batch batch = new Batch(count, task, deadline);
    queue(batch);
    batch.await();
  }

  /** Lets what has begun come to its end, for at most ten seconds, and drops the rest. */
  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    abandonAll();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a model still runs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One caller's tasks. */
  private static final class Batch {
    private final int count;
    private final IntConsumer task;
    private final Deadline deadline;

    /** Counted down by each task that has ended, and to zero by the first that fails. */
    private final CountDownLatch open;

    private final AtomicInteger begun = new AtomicInteger();
    private volatile Throwable failure;
    private volatile boolean stopped;

    Batch(int count, IntConsumer task, Deadline deadline) {
      this.count = count;
      this.task = task;
      this.deadline = deadline;
      this.open = new CountDownLatch(count);
    }

    int next() {
      return begun.getAndIncrement();
    }

    boolean hasNext() {
      return begun.get() < count && !isOver();
    }

    private boolean isOver() {
      return stopped || failure != null || deadline.isSpent();
    }

    void run(int unit) {
      if (unit >= count || isOver()) {
        return;
      }
      try {
        task.accept(unit);
        open.countDown();
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }

    synchronized void fail(Throwable reason) {
      if (failure == null) {
        failure = reason;
        while (open.getCount() > 0) {
          open.countDown();
        }
      }
    }

    void await() {
      try {
        while (!open.await(deadline.nanosToWait(), TimeUnit.NANOSECONDS) && !stopped) {
          stopped = deadline.isPast();
        }
      } catch (InterruptedException e) {
        fail(e);
        Thread.currentThread().interrupt();
        throw new EncoderException("interrupted while models ran", e);
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure != null) {
        throw new EncoderException("a model failed, " + failure, failure);
      }
    }
  }
}
