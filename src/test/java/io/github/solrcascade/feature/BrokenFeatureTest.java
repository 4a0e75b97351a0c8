package io.github.solrcascade.feature;

import io.github.solrcascade.TestSolr.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.solr.util.LogListener;
import org.junit.BeforeClass;
import org.junit.Test;

/** A feature that breaks on one document costs its stage, and what it says stays in one line. */
public class BrokenFeatureTest extends FeatureTest {
  private static final String LOG = "io.github.solrcascade.stage.FailureLog";

  @BeforeClass
  public static void indexDocuments() throws Exception {
    List<Map<String, Object>> docs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      docs.add(Map.of("id", String.valueOf(i)));
    }
    index(docs);
  }

  private static Answer search(String text) throws Exception {
    String rq = "{!cascade name=popular efi.text=$text}";
    return solr.search("q", "*:*", "rows", "100", "fl", "id", "rq", rq, "text", text);
  }

  private static void assertFirstPass(List<String> firstPass) throws Exception {
    Answer answer = search("red\n2026-01-01 ERROR all is lost");
    assertEquals(firstPass, answer.ids());
    assertTrue(answer.json().path("responseHeader").path("partialResults").asBoolean());
    String outcome = answer.json().path("cascade").path("stages").path(0).path("outcome").asText();
    assertTrue(outcome, outcome.startsWith("failed: java.lang.IllegalStateException: document 7"));
  }

  @Test
  public void onOneDocument() throws Exception {
    List<String> firstPass = IntStream.range(0, 20).mapToObj(String::valueOf).toList();
    serve(ours("BreakingFeature"), "{\"on\": 7}");
    try (LogListener log = LogListener.warn(LOG)) {
      long end = System.nanoTime() + 30_000_000_000L;
      // Another test may have made its stage fail within the last ten seconds.
      while (log.getCount() == 0 && System.nanoTime() < end) {
        assertFirstPass(firstPass);
      }
      for (int i = 0; i < 5; i++) {
        assertFirstPass(firstPass);
      }
      assertEquals("once in ten seconds", 1, log.getCount());
      String line = log.pollMessage();
      assertTrue(line, line.matches("cascade popular: stage popular failed \\(\\d+ more since .*"));
      assertTrue(line, line.contains("document 7: red\\u000a2026-01-01 ERROR all is lost, at "));
    }
    long failed = count("failed");
    serve(ours("BreakingFeature"), "{\"on\": 99}");
    Answer sound = search("red");
    assertFalse(sound.json().path("responseHeader").path("partialResults").asBoolean());
    assertEquals("19", sound.ids().get(0));
    assertTrue("counted " + failed, failed >= 5);
    assertEquals(failed, count("failed"));
  }

  private static long count(String outcome) {
    return solr.cores()
        .getMetricManager()
        .registry("solr.core.test")
        .counter("cascade.popular.popular." + outcome)
        .getCount();
  }
}
