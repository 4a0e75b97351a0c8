package io.github.solrcascade.stage;

import java.util.Locale;

/** Text out of a request, made fit for a log or a message: one line of bounded length. */
public final class Printable {
  private static final int MOST = 500;

  private Printable() {}

  /** The text with control characters and line separators written as {@code \\u000a}. */
  public static String of(Object value) {
    return of(value, MOST);
  }

  /** The same with at most so many characters, and an ellipsis for those that are cut off. */
  public static String of(Object value, int most) {
    String text = String.valueOf(value);
    StringBuilder printable = new StringBuilder();
    text.codePoints().limit(most).forEach(c -> append(printable, c));
    return text.codePointCount(0, text.length()) > most ? printable + "…" : printable.toString();
  }

  private static void append(StringBuilder printable, int c) {
    int type = Character.getType(c);
    boolean breaks =
        Character.isISOControl(c)
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR;
    if (breaks) {
      printable.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      printable.appendCodePoint(c);
    }
  }
}
