package io.github.solrcascade.remote;

import io.github.solrcascade.budget.RecentValues;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a reranker was asked and how it answered. Thread-safe. */
final class CallStatistics {
  private static final int KEPT = 256;

  private final LongAdder requests = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder documents = new LongAdder();
  private final LongAdder cacheHits = new LongAdder();
  private final RecentValues requestNanos = new RecentValues(KEPT);

  /** A request goes out. */
  void sends(int count, boolean again) {
    requests.increment();
    documents.add(count);
    if (again) {
      retries.increment();
    }
  }

  /** It was answered. */
  void answered(long nanos) {
    requestNanos.add((double) nanos);
  }

  /** There were no scores for a stage. */
  void failed() {
    failures.increment();
  }

  /** So many documents need not be asked about. */
  void knew(int count) {
    cacheHits.add(count);
  }

  RerankerStatistics sum(boolean switchedOff) {
    return new RerankerStatistics(
        switchedOff,
        requests.sum(),
        retries.sum(),
        failures.sum(),
        documents.sum(),
        cacheHits.sum(),
        requestNanos.quantile(0.5) / 1e6,
        requestNanos.quantile(0.99) / 1e6);
  }
}
