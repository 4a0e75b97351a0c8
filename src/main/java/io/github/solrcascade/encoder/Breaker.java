package io.github.solrcascade.encoder;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Switches a model off that fails again and again, so that requests stop waiting for it, and lets
 * one request try it from time to time. Thread-safe.
 *
 * <p>The circuit breaker of Nygard, Release It! (2007).
 */
final class Breaker {
  /** So many failures in a row switch a model off. */
  static final int FAILURES = 5;

  /** How long it is left alone before one request may try it. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String model;
  private final LongSupplier nanoTime;
  private int failures;
  private long nextTry;
  private String last = "";

  Breaker(String model, LongSupplier nanoTime) {
    this.model = model;
    this.nanoTime = nanoTime;
  }

  /**
   * Lets a request pass, unless the model is switched off.
   *
   * @throws EncoderException if it is, with the last failure
   */
  synchronized void check() {
    if (!isOpen()) {
      return;
    }
    long left = nextTry - nanoTime.getAsLong();
    if (left > 0) {
      throw new EncoderException(
          "model '%s' is switched off after %d failures in a row, the last: %s; it is tried again in %d s"
              .formatted(model, failures, last, 1 + TimeUnit.NANOSECONDS.toSeconds(left)),
          null);
    }
    // This request tries; the others wait for what comes of it.
    nextTry = nanoTime.getAsLong() + REST_NANOS;
  }

  synchronized void succeeded() {
    failures = 0;
  }

  synchronized void failed(Throwable reason) {
    failures++;
    last = String.valueOf(reason.getMessage());
    if (isOpen()) {
      nextTry = nanoTime.getAsLong() + REST_NANOS;
    }
  }

  /** Whether the model is switched off. */
  synchronized boolean isOpen() {
    return failures >= FAILURES;
  }
}
