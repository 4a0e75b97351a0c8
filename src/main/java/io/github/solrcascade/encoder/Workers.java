package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The threads that run models: one a core, shared by every model and request of the node, so that
 * however many requests come, models never fight for a core. Each runs one text or pair at a time.
 *
 * <p>Batches take turns, a pair each, so that a small one does not wait for the end of a large one
 * that came before it. The queue holds a batch once, so it is never longer than there are callers.
 *
 * <p>Who comes when there is more work than the time allows is not let in, or with a part only: a
 * few batches are done in time then, instead of none. What is admitted is counted by what it is
 * expected to take: each batch that is at work already has as many turns as the new one before the
 * new one is done.
 *
 * <p>A thread that does not come back from a model is given up, and another takes its place.
 */
final class Workers implements AutoCloseable {
  /**
   * How many times the work that there seems to be time for is let in. It errs on the side of too
   * much: that is cut off between two pairs, while what was never let in is lost.
   */
  private static final double HOPE = 1.25;

  /**
   * What a caller brings.
   *
   * @param count of tasks
   * @param nanosEach what one is expected to take
   * @param nanosLeft when all must be done to be of use; very many if there is no hurry
   */
  record Load(int count, long nanosEach, long nanosLeft) {}

  private final BlockingQueue<Batch> turns = new LinkedBlockingQueue<>();

  /** The batches whose callers wait. */
  private final Set<Batch> admitted = new HashSet<>();

  private final int threads;
  private final List<Worker> working = new ArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private final long hungNanos;
  private final Thread watch;
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param hungMillis how long one text or pair may take before its thread is given up
   */
  Workers(int count, long hungMillis) {
    threads = count;
    hungNanos = TimeUnit.MILLISECONDS.toNanos(hungMillis);
    for (int i = 0; i < count; i++) {
      startWorker();
    }
    watch = thread("cascade-encoder-watch", () -> watch(Math.max(1, hungMillis / 5)));
    watch.start();
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void startWorker() {
    Worker worker = new Worker();
    synchronized (working) {
      working.add(worker);
    }
    worker.thread.start();
  }

  /** One thread, and what it is at. */
  private final class Worker {
    private final Thread thread =
        thread("cascade-encoder-" + number.incrementAndGet(), this::serve);
    private Batch at;
    private long since;
    private boolean givenUp;

    private void serve() {
      try {
        while (!closed && !isGivenUp()) {
          Batch batch = turns.take();
          int unit = batch.next();
          if (batch.hasNext()) {
            queue(batch);
          }
          set(batch);
          batch.run(unit);
          set(null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // closed
      }
    }

    private synchronized void set(Batch batch) {
      at = batch;
      since = System.nanoTime();
    }

    private synchronized boolean isGivenUp() {
      return givenUp;
    }

    /** Returns the batch whose model hangs; null if none does. */
    private synchronized Batch giveUpIfHung() {
      if (at == null || System.nanoTime() - since < hungNanos) {
        return null;
      }
      givenUp = true;
      return at;
    }
  }

  private void watch(long everyMillis) {
    try {
      while (!closed) {
        Thread.sleep(everyMillis);
        replaceHung();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void replaceHung() {
    List<Worker> all;
    synchronized (working) {
      all = List.copyOf(working);
    }
    for (Worker worker : all) {
      Batch hung = worker.giveUpIfHung();
      if (hung != null) {
        synchronized (working) {
          working.remove(worker);
        }
        startWorker();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(hungNanos);
        hung.fail(new EncoderException("a model was given up after " + seconds + " s", null));
      }
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
      batch.drop(new IllegalStateException("the node's encoders are closed"));
    }
  }

  /**
   * Runs a task for each number from 0 to {@code count} − 1, in this order, or for the first that
   * there seems to be time for, and waits for all, but no longer than the caller has time. If one
   * fails, the time is up or the caller is interrupted, those that have not begun are dropped, and
   * those that have are not waited for.
   *
   * @param breaker is asked before, and told what comes of it
   * @param statistics is told how long the first one waited
   * @return how many were let in
   * @throws EncoderException if the caller is interrupted, the breaker is open, a task throws an
   *     error, or one hangs
   * @throws IllegalStateException if the workers are closed
   * @throws RuntimeException what a task threw
   */
  int runAll(
      Load load, IntConsumer task, Deadline deadline, Breaker breaker, RunStatistics statistics) {
    if (load.count() == 0) {
      return 0;
    }
    Batch batch;
    synchronized (admitted) {
      int count = admissible(load);
      statistics.refused(load.count() - count);
      if (count == 0) {
        return 0;
      }
      breaker.check();
      batch = new Batch(count, load.nanosEach(), task, deadline, breaker, statistics);
      admitted.add(batch);
    }
    try {
      queue(batch);
      batch.await();
    } finally {
      synchronized (admitted) {
        admitted.remove(batch);
      }
    }
    return batch.count;
  }

  private int admissible(Load load) {
    if (load.nanosLeft() == Long.MAX_VALUE) {
      return load.count();
    }
    if (load.nanosEach() > HOPE * load.nanosLeft()) {
      return 0;
    }
    double before = admitted.stream().mapToDouble(batch -> batch.nanosBefore(load.count())).sum();
    double left = HOPE * threads * load.nanosLeft() - before;
    return (int) Math.max(0, Math.min(load.count(), left / Math.max(1, load.nanosEach())));
  }

  /** Lets what has begun come to its end, for at most ten seconds, and drops the rest. */
  @Override
  public void close() {
    closed = true;
    List<Worker> all;
    synchronized (working) {
      all = List.copyOf(working);
    }
    watch.interrupt();
    all.forEach(worker -> worker.thread.interrupt());
    abandonAll();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    try {
      for (Worker worker : all) {
        TimeUnit.NANOSECONDS.timedJoin(worker.thread, Math.max(1, end - System.nanoTime()));
        if (worker.thread.isAlive()) {
          throw new IllegalStateException("a model still runs");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One caller's tasks. */
  private static final class Batch {
    private final int count;
    private final long nanosEach;
    private final IntConsumer task;
    private final Deadline deadline;
    private final Breaker breaker;
    private final RunStatistics statistics;
    private final long queued = System.nanoTime();

    /** Counted down by each task that has ended, and to zero by the first that fails. */
    private final CountDownLatch open;

    private final AtomicInteger begun = new AtomicInteger();
    private volatile Throwable failure;
    private volatile boolean stopped;

    Batch(
        int count,
        long nanosEach,
        IntConsumer task,
        Deadline deadline,
        Breaker breaker,
        RunStatistics statistics) {
      this.count = count;
      this.nanosEach = nanosEach;
      this.task = task;
      this.deadline = deadline;
      this.breaker = breaker;
      this.statistics = statistics;
      this.open = new CountDownLatch(count);
    }

    /** What it may be expected to do while another batch has so many turns. */
    double nanosBefore(int turns) {
      return isOver() ? 0 : (double) nanosEach * Math.min(turns, open.getCount());
    }

    int next() {
      int unit = begun.getAndIncrement();
      if (unit == 0) {
        statistics.waited(System.nanoTime() - queued);
      }
      return unit;
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
        breaker.succeeded();
        open.countDown();
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }

    /** The model failed. */
    void fail(Throwable reason) {
      breaker.failed(reason);
      drop(reason);
    }

    /** There will be no result, and that says nothing of the model. */
    synchronized void drop(Throwable reason) {
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
        drop(e);
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
