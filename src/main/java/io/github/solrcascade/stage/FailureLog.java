package io.github.solrcascade.stage;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what broke: a stage's failure at most once in ten seconds, in one line with its cause and
 * the number of those that were not logged since; all stack traces at the level of debugging.
 * Thread-safe.
 */
final class FailureLog {
  private static final Logger log = LoggerFactory.getLogger(MethodHandles.lookup().lookupClass());
  private static final int MOST_CAUSES = 5;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Map<String, Silence> silences = new ConcurrentHashMap<>();

  /** Since when nothing was logged of a stage, and how much was not. */
  private static final class Silence {
    private long until;
    private long untold = -1;

    /** How many were not told before this one; -1 if this one is not to be told either. */
    private synchronized long next(long now) {
      if (untold >= 0 && now < until) {
        untold++;
        return -1;
      }
      long before = Math.max(0, untold);
      until = now + QUIET_NANOS;
      untold = 0;
      return before;
    }
  }

  void add(String cascade, String stage, Exception failure) {
    log.debug("cascade {}: stage {} failed", cascade, stage, failure);
    Silence silence = silences.computeIfAbsent(cascade + "/" + stage, key -> new Silence());
    long before = silence.next(System.nanoTime());
    if (before >= 0) {
      log.warn(
          "cascade {}: stage {} failed ({} more since it was last logged): {}",
          cascade,
          stage,
          before,
          line(failure));
    }
  }

  /** The failure, its causes and where it came from. What a message quotes may be a request's. */
  private static String line(Throwable failure) {
    StringBuilder line = new StringBuilder(Printable.of(failure));
    Throwable last = failure;
    for (int depth = 0; last.getCause() != null && depth < MOST_CAUSES; depth++) {
      last = last.getCause();
      line.append(", caused by ").append(Printable.of(last));
    }
    if (last.getStackTrace().length > 0) {
      line.append(", at ").append(last.getStackTrace()[0]);
    }
    return line.toString();
  }
}
