package io.github.solrcascade.encoder;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Switches off what fails again and again, a model or a reranker, so that requests stop waiting for
 * it, and lets one request try it from time to time. Thread-safe.
 *
 * <p>The circuit breaker of Nygard, Release It! (2007).
 */
public final class Breaker {
  /** So many failures in a row switch a model off. */
  static final int FAILURES = 5;

  /** How long it is left alone before one request may try it. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String name;
  private final LongSupplier nanoTime;
  private int failures;
  private long nextTry;
  private String last = "";

  /**
   * A breaker that is closed.
   *
   * @param name what it guards, for messages
   */
  public Breaker(String name, LongSupplier nanoTime) {
    this.name = name;
    this.nanoTime = nanoTime;
  }

  /**
   * Lets a request pass, unless the model is switched off.
   *
   * @throws EncoderException if it is, with the last failure
   */
  public synchronized void check() {
    if (!isOpen()) {
      return;
    }
    long left = nextTry - nanoTime.getAsLong();
    if (left > 0) {
      throw new EncoderException(
          String.format(
              Locale.ROOT,
              "%s is switched off after %d failures in a row, the last: %s; it is tried again in %d s",
              name,
              failures,
              last,
              1 + TimeUnit.NANOSECONDS.toSeconds(left)),
          null);
    }
    // This request tries; the others wait for what comes of it.
    nextTry = nanoTime.getAsLong() + REST_NANOS;
  }

  /** It worked. */
  public synchronized void succeeded() {
    failures = 0;
  }

  /** It did not. */
  public synchronized void failed(Throwable reason) {
    failures++;
    last = String.valueOf(reason.getMessage());
    if (isOpen()) {
      nextTry = nanoTime.getAsLong() + REST_NANOS;
    }
  }

  /** Whether the model is switched off. */
  public synchronized boolean isOpen() {
    return failures >= FAILURES;
  }
}
