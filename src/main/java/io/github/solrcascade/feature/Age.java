package io.github.solrcascade.feature;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as it is written in feature parameters: {@code 365d}, {@code 12h}, {@code 30m}.
 */
final class Age {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([wdhms])");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "w", Duration.ofDays(7),
          "d", Duration.ofDays(1),
          "h", Duration.ofHours(1),
          "m", Duration.ofMinutes(1),
          "s", Duration.ofSeconds(1));
  static final String RULE = "must be a whole number and a unit of w, d, h, m, s, such as 365d";

  private Age() {}

  /**
   * Reads such a text.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(RULE);
    }
    return UNITS.get(form.group(2)).multipliedBy(Long.parseLong(form.group(1)));
  }
}
