package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.encoder.Encoder;
import io.github.solrcascade.encoder.Faults;
import io.github.solrcascade.feature.CoreEncoders;
import java.util.Arrays;
import org.apache.solr.core.SolrCore;
import org.junit.Test;

/** The health answer is what the encoders can do now, not what they once could. */
public class HealthTest extends SolrTest {

  private static JsonNode encoder(Answer answer, String name) {
    return answer.json().path("encoders").path(name);
  }

  @Test
  public void allIsWell() throws Exception {
    Answer answer = solr.read("/admin/cascade");
    assertEquals(answer.json().toString(), 200, answer.status());
    assertEquals("OK", answer.json().path("status").asText());
    for (String name : new String[] {"bi", "cross"}) {
      assertEquals("OK", encoder(answer, name).path("status").asText());
      assertTrue(encoder(answer, name).path("ms").asDouble() > 0);
      assertFalse(encoder(answer, name).path("switchedOff").asBoolean(true));
    }
    assertEquals("tiny-cross-encoder", encoder(answer, "cross").path("model").asText());
  }

  @Test
  public void oneEncoderIsNot() throws Exception {
    Encoder cross;
    try (SolrCore core = solr.cores().getCore("test")) {
      cross = CoreEncoders.crossEncoder(core, "cross");
    }
    Faults faults = new Faults(cross);
    try {
      faults.inject(
          values -> {
            values[0] += 0.25f;
            return values;
          });
      Answer wrong = solr.read("/admin/cascade");
      assertEquals(503, wrong.status());
      assertTrue(
          wrong.error(),
          wrong.error().matches("encoder 'cross': .* answers .* where it answered .*"));
      assertEquals("FAILED", wrong.json().path("status").asText());
      assertEquals("OK", encoder(wrong, "bi").path("status").asText());

      faults.inject(
          values -> {
            Arrays.fill(values, Float.NaN);
            return values;
          });
      for (int i = 0; i < 5; i++) {
        assertEquals(503, solr.read("/admin/cascade").status());
      }
      Answer off = solr.read("/admin/cascade");
      assertTrue(encoder(off, "cross").path("switchedOff").asBoolean());
      assertTrue(off.error(), off.error().contains("is switched off after 5 failures in a row"));
    } finally {
      faults.mend();
    }
    long end = System.nanoTime() + 20_000_000_000L;
    while (solr.read("/admin/cascade").status() != 200 && System.nanoTime() < end) {
      Thread.sleep(200);
    }
    assertEquals("a health answer tries it again too", 200, solr.read("/admin/cascade").status());
  }
}
