package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.RecentValues;
import java.util.concurrent.atomic.LongAdder;

/** What the workers did for a model since it was loaded. Thread-safe. */
final class RunStatistics {
  private static final int KEPT = 256;

  private final RecentValues queueNanos = new RecentValues(KEPT);
  private final LongAdder refused = new LongAdder();

  /** Tells how long the first task of a batch waited for its turn. */
  void waited(long nanos) {
    queueNanos.add((double) nanos);
  }

  /** Tells how many tasks there seemed to be no time for. */
  void refused(int tasks) {
    refused.add(tasks);
  }

  long refused() {
    return refused.sum();
  }

  /** The milliseconds that so large a part of the last batches did not wait longer than. */
  double queueMillis(double part) {
    return queueNanos.quantile(part) / 1e6;
  }
}
