package io.github.solrcascade.feature;

import io.github.solrcascade.TestSolr.Answer;
import java.util.List;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.Test;

/** Decay with time, seen from the first of January 2015. */
public class RecencyFeatureTest extends FeatureTest {
  private static final String NOW = "1420070400000";
  private static final float EXACT = 1e-6f;

  @BeforeClass
  public static void indexDates() throws Exception {
    index(
        List.of(
            Map.of("id", "today", "date", "2015-01-01T00:00:00Z"),
            Map.of("id", "30 days ago", "date", "2014-12-02T00:00:00Z"),
            Map.of("id", "60 days ago", "date", "2014-11-02T00:00:00Z")));
    index(List.of(Map.of("id", "in 30 days", "date", "2015-01-31T00:00:00Z")));
    index(List.of(Map.of("id", "undated")));
  }

  private static Map<String, Float> recency(String params) throws Exception {
    String all = "{\"field\":\"date\",\"defaultValue\":0.125," + params + "}";
    return values(ours("RecencyFeature"), all, "efi.text=none", "NOW", NOW);
  }

  private static void assertValues(
      Map<String, Float> values, double today, double days30, double days60, double future) {
    assertEquals(today, values.get("today"), EXACT);
    assertEquals(days30, values.get("30 days ago"), EXACT);
    assertEquals(days60, values.get("60 days ago"), EXACT);
    assertEquals(future, values.get("in 30 days"), EXACT);
    assertEquals(0.125, values.get("undated"), 0);
  }

  @Test
  public void halfLifeHalvesAgainAndAgainAndTheFutureIsNew() throws Exception {
    assertValues(recency("\"halfLife\":\"30d\""), 1, 0.5, 0.25, 1);
  }

  @Test
  public void scaleCountsBothWays() throws Exception {
    assertValues(recency("\"scale\":\"30d\""), 1, 0.5, 0.25, 0.5);
  }

  @Test
  public void decayIsTheValueAtScale() throws Exception {
    assertValues(recency("\"scale\":\"30d\",\"decay\":0.1"), 1, 0.1, 0.01, 0.1);
  }

  @Test
  public void linearFallsToZeroAndStaysThere() throws Exception {
    assertValues(recency("\"scale\":\"30d\",\"function\":\"linear\""), 1, 0.5, 0, 0.5);
    assertValues(recency("\"scale\":\"15d\",\"function\":\"linear\""), 1, 0, 0, 0);
  }

  @Test
  public void gaussianFallsWithTheSquare() throws Exception {
    assertValues(recency("\"scale\":\"30d\",\"function\":\"gaussian\""), 1, 0.5, 0.0625, 0.5);
  }

  @Test
  public void withinTheOffsetAllAreNew() throws Exception {
    assertValues(recency("\"scale\":\"30d\",\"offset\":\"30d\""), 1, 1, 0.5, 1);
  }

  @Test
  public void originIsADateOrDateMath() throws Exception {
    assertValues(
        recency("\"scale\":\"30d\",\"origin\":\"2014-12-02T00:00:00Z\""), 0.5, 1, 0.5, 0.25);
    assertValues(recency("\"scale\":\"30d\",\"origin\":\"NOW-30DAYS\""), 0.5, 1, 0.5, 0.25);
  }

  @Test
  public void longAgoIsZeroNotAnError() throws Exception {
    assertValues(recency("\"halfLife\":\"1s\""), 1, 0, 0, 1);
  }

  @Test
  public void defaultIsVisibleInTheExplanation() throws Exception {
    String params = "{\"field\":\"date\",\"halfLife\":\"30d\",\"defaultValue\":0.125}";
    serve(ours("RecencyFeature"), params);
    Answer answer = ask("efi.text=none", "NOW", NOW);
    String undated = explanation(answer, "undated");
    assertTrue(undated, undated.contains("0.125 = default value, document has none: Recency"));
    String dated = explanation(answer, "30 days ago");
    assertFalse(dated, dated.contains("default value"));
  }
}
