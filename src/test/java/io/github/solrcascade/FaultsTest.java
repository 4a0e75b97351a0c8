package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.solrcascade.TestSolr.Answer;
import io.github.solrcascade.encoder.CrossEncoder;
import io.github.solrcascade.encoder.Faults;
import io.github.solrcascade.encoder.Faults.Fault;
import io.github.solrcascade.feature.CoreEncoders;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.solr.core.SolrCore;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A model that breaks costs quality, never a document, and never more than its own stage. */
public class FaultsTest extends SolrTest {
  private static int searches;

  private CrossEncoder encoder;
  private Faults faults;

  @Before
  public void findEncoder() {
    try (SolrCore core = solr.cores().getCore("test")) {
      encoder = CoreEncoders.crossEncoder(core, "cross");
    }
    faults = new Faults(encoder);
  }

  @After
  public void mend() throws Exception {
    faults.mend();
    long end = System.nanoTime() + 20_000_000_000L;
    while (encoder.isSwitchedOff() && System.nanoTime() < end) {
      Thread.sleep(200);
      search("");
    }
    assertFalse(encoder.isSwitchedOff());
  }

  /** A text that no cache knows, with the same words. */
  private static Answer search(String localParams) throws Exception {
    String text = "red shoe" + " ".repeat(++searches);
    return solr.search("q", text, "rq", "{!cascade name=products " + localParams + "}");
  }

  private static JsonNode deep(Answer answer) {
    return stage(answer, 2);
  }

  private static JsonNode stage(Answer answer, int stage) {
    return answer.json().path("cascade").path("stages").path(stage);
  }

  /** Returns what the stage says of its failure. */
  private String assertDegraded(Fault fault) throws Exception {
    Answer before = search("stages=2 cache=false");
    Answer whole = search("cache=false");
    assertEquals("completed", deep(whole).path("outcome").asText());

    faults.inject(fault);
    Answer broken = search("");

    assertEquals("the order of the stage before", before.ids(), broken.ids());
    assertEquals(new TreeSet<>(whole.ids()), new TreeSet<>(broken.ids()));
    assertEquals(
        whole.json().path("response").path("numFound"),
        broken.json().path("response").path("numFound"));
    JsonNode header = broken.json().path("responseHeader");
    assertTrue(header.path("partialResults").asBoolean());
    String outcome = deep(broken).path("outcome").asText();
    assertTrue(outcome, outcome.startsWith("failed: "));
    assertTrue(header.path("partialResultsDetails").toString().contains("stage 'deep' failed"));

    faults.mend();
    Answer mended = search("");
    assertEquals("completed", deep(mended).path("outcome").asText());
    assertEquals(whole.ids(), mended.ids());
    return outcome;
  }

  @Test
  public void aModelThatThrows() throws Exception {
    String outcome =
        assertDegraded(
            values -> {
              throw new IllegalStateException("broken on purpose");
            });
    assertTrue(outcome, outcome.contains("broken on purpose"));
  }

  @Test
  public void failOnAsksForAnErrorInstead() throws Exception {
    String[] params = {"q", "blue shoe" + " ".repeat(++searches), "rq", "{!cascade name=strict}"};
    faults.inject(
        values -> {
          throw new IllegalStateException("broken on purpose");
        });
    for (int i = 0; i < 2; i++) {
      Answer answer = solr.get("/select", params);
      assertEquals(503, answer.status());
      String expected = "cascade 'strict': stage 'deep' failed: ";
      assertTrue(answer.error(), answer.error().startsWith(expected));
    }
    faults.mend();
    assertEquals(200, solr.get("/select", params).status());
  }

  @Test
  public void aModelThatRunsOutOfMemory() throws Exception {
    String outcome =
        assertDegraded(
            values -> {
              throw new OutOfMemoryError("native");
            });
    assertTrue(outcome, outcome.contains("OutOfMemoryError: native"));
  }

  @Test
  public void aModelThatGivesNoNumbers() throws Exception {
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      String outcome =
          assertDegraded(
              values -> {
                Arrays.fill(values, wrong);
                return values;
              });
      assertTrue(outcome, outcome.contains(" gave " + wrong));
    }
  }

  @Test
  public void aModelThatGivesTooLittle() throws Exception {
    assertDegraded(values -> new float[0]);
  }

  @Test
  public void aVectorThatIsNone() throws Exception {
    try (SolrCore core = solr.cores().getCore("test")) {
      Faults bi = new Faults(CoreEncoders.biEncoder(core, "bi"));
      Answer lexical = search("stages=1 cache=false");
      for (Fault fault :
          List.<Fault>of(
              values -> Arrays.copyOf(values, values.length / 2),
              values -> {
                Arrays.fill(values, Float.NaN);
                return values;
              })) {
        bi.inject(fault);
        try {
          Answer broken = search("");
          String outcome = stage(broken, 1).path("outcome").asText();
          assertTrue(outcome, outcome.matches("failed: .*model 'tiny-bi-encoder' gave .*"));
          assertEquals("the order of the stage before", lexical.ids(), broken.ids());
        } finally {
          bi.mend();
        }
        Answer mended = search("");
        assertEquals(
            "what was none was not kept", "completed", deep(mended).path("outcome").asText());
      }
    }
  }

  @Test
  public void aModelThatHangs() throws Exception {
    String outcome =
        assertDegraded(
            values -> {
              sleep(10_000);
              return values;
            });
    assertTrue(outcome, outcome.contains("was given up after 5 s"));
  }

  @Test
  public void aModelThatHangsDoesNotHoldASearchWithABudget() throws Exception {
    faults.inject(
        values -> {
          sleep(3_000);
          return values;
        });
    long start = System.nanoTime();
    Answer answer = search("budgetMs=300");
    assertTrue((System.nanoTime() - start) / 1e9 < 2);
    assertTrue(answer.json().path("responseHeader").path("partialResults").asBoolean());
  }

  @Test
  public void aModelThatKeepsFailingIsSwitchedOff() throws Exception {
    faults.inject(
        values -> {
          throw new IllegalStateException("broken for good");
        });
    String outcome = "";
    for (int i = 0; i < 10; i++) {
      outcome = deep(search("")).path("outcome").asText();
    }
    assertTrue(encoder.isSwitchedOff());
    assertTrue(outcome, outcome.contains("is switched off after "));
    assertTrue(outcome, outcome.contains("the last: broken for good"));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
