package io.github.solrcascade;

import java.util.concurrent.TimeUnit;
import org.apache.solr.util.LogListener;

/** Waits for what a shadow logs, which comes after the answer. */
public final class ShadowLog {
  private ShadowLog() {}

  /** The next line, within ten seconds. */
  public static String await(LogListener logged) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      String line = logged.pollMessage();
      if (line != null) {
        return line;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("no shadow was logged");
  }
}
