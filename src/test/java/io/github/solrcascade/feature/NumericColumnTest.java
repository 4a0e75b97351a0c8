package io.github.solrcascade.feature;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.Test;

/** LTR's values of fields, which are read from doc values where there are any. */
public class NumericColumnTest extends FeatureTest {

  @Test
  public void aValueIsTheSameFromDocValuesAsFromTheStoredDocument() throws Exception {
    Map<String, List<?>> numbers =
        Map.of(
            "int", List.of(Integer.MIN_VALUE, 7),
            "long", List.of(Long.MAX_VALUE, -3),
            "float", List.of(-0.1, 1e-40),
            "double", List.of(-1e300, 0.1),
            "date", List.of("1969-07-20T20:17:40.123Z", "2026-11-24T00:00:00Z"));
    for (Map.Entry<String, List<?>> of : numbers.entrySet()) {
      String type = of.getKey();
      for (int i = 0; i < 2; i++) {
        Object number = of.getValue().get(i);
        index(
            List.of(
                Map.of("id", type + i, type + "Column", number, type + "Stored", number),
                Map.of("id", type + "none")));
      }
      String params = "{\"field\":\"%s\",\"defaultValue\":-1}";
      Map<String, Float> stored =
          values(
              ltrs("FieldValueFeature"), String.format(Locale.ROOT, params, type + "Stored"), "");
      assertNotEquals(-1, stored.get(type + "1"), 0);
      assertEquals(
          stored,
          values(
              ltrs("FieldValueFeature"), String.format(Locale.ROOT, params, type + "Column"), ""));
    }
  }
}
