package io.github.solrcascade.budget;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How late, after their time was up, requests came to their end within the last two seconds. On a
 * busy machine a thread whose wait is over has to wait again, for a core; so much is kept back from
 * the next budgets. Thread-safe.
 */
public final class Lateness {
  private static final int KEPT = 256;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final double PART = 0.99;

  private final LongSupplier nanoTime;
  private final long[] late = new long[KEPT];
  private final long[] seen = new long[KEPT];
  private long count;

  /** One that knows of nothing yet. */
  public Lateness() {
    this(System::nanoTime);
  }

  Lateness(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Tells by how much a request came too late; 0 or less if it was in time. */
  synchronized void add(long nanos) {
    int place = (int) (count++ % KEPT);
    late[place] = Math.max(0, nanos);
    seen[place] = nanoTime.getAsLong();
  }

  /** What 99 of 100 requests did not exceed of late; 0 if there were none. */
  synchronized long nanos() {
    long now = nanoTime.getAsLong();
    long[] recent = new long[KEPT];
    int size = 0;
    for (int i = 0; i < Math.min(count, KEPT); i++) {
      if (now - seen[i] < WINDOW_NANOS) {
        recent[size++] = late[i];
      }
    }
    Arrays.sort(recent, 0, size);
    return size == 0 ? 0 : recent[Math.min(size - 1, (int) (PART * size))];
  }
}
