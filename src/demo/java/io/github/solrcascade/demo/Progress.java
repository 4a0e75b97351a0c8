package io.github.solrcascade.demo;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A bar that fills on one line of a terminal, and disappears when closed. Where the output is no
 * terminal it writes nothing. Thread-safe.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 40;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream terminal;
  private final boolean shown;
  private final String label;
  private final int total;
  private int done;
  private int percent = -1;

  /**
   * An empty bar.
   *
   * @param shown whether the output is a terminal
   * @param total what {@link #add} comes to in the end
   */
  public Progress(PrintStream terminal, boolean shown, String label, int total) {
    this.terminal = terminal;
    this.shown = shown;
    this.label = label;
    this.total = total;
    add(0);
  }

  /** Fills the bar by so much. */
  public synchronized void add(int more) {
    done += more;
    int now = total == 0 ? 100 : (int) Math.min(100, 100L * done / total);
    if (shown && now != percent) {
      percent = now;
      int filled = WIDTH * percent / 100;
      terminal.printf(
          Locale.ROOT,
          "%s%s %s%s %3d%%",
          CLEAR_LINE,
          label,
          "█".repeat(filled),
          "░".repeat(WIDTH - filled),
          percent);
      terminal.flush();
    }
  }

  @Override
  public void close() {
    if (shown) {
      terminal.print(CLEAR_LINE);
      terminal.flush();
    }
  }
}
