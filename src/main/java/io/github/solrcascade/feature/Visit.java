package io.github.solrcascade.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A document that a visitor clicked on before.
 *
 * @param id the document's unique key
 * @param at when, in epoch milliseconds
 * @param dwellSeconds how long it was looked at; infinity if that is not known
 * @param values what the document has in some fields, by their names; an object, or missing
 */
record Visit(String id, long at, double dwellSeconds, JsonNode values) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final int MOST = UserAffinityFeature.MOST_CLICKS;

  static final String FORM =
      "must be a JSON list of at most "
          + MOST
          + " {\"id\": …, \"at\": \"2026-11-20T10:00:00Z\", \"dwell\": seconds, \"values\": {\"FIELD\": …}}";

  /**
   * Reads a list of them; none if the text is blank.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static List<Visit> parse(String json) {
    List<Visit> visits = new ArrayList<>();
    if (json.isBlank()) {
      return visits;
    }
    JsonNode list = tree(json);
    if (!list.isArray() || list.size() > MOST) {
      throw new IllegalArgumentException(FORM);
    }
    list.forEach(each -> visits.add(visit(each)));
    return visits;
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(FORM, e);
    }
  }

  private static Visit visit(JsonNode each) {
    JsonNode dwell = each.path("dwell");
    boolean isTold = !dwell.isMissingNode();
    JsonNode values = each.path("values");
    if (!(values.isMissingNode() || values.isObject())
        || !each.path("id").isTextual()
        || (isTold && !(dwell.isNumber() && dwell.asDouble() >= 0))) {
      throw new IllegalArgumentException(FORM);
    }
    try {
      long at = Instant.parse(each.path("at").asText()).toEpochMilli();
      return new Visit(
          each.path("id").asText(),
          at,
          isTold ? dwell.asDouble() : Double.POSITIVE_INFINITY,
          values);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(FORM, e);
    }
  }

  /**
   * How much it counts: 1 for a long look just now; half of that a half-life ago; in proportion for
   * a look that was shorter than a full one.
   */
  double weight(long now, Duration halfLife, Duration fullDwell) {
    double age = Math.max(0, now - at);
    double full = fullDwell.toMillis() / 1e3;
    double look = full == 0 ? 1 : Math.min(1, dwellSeconds / full);
    return look * Math.pow(0.5, age / halfLife.toMillis());
  }
}
