package io.github.solrcascade;

import io.github.solrcascade.TestSolr.Answer;
import java.util.List;
import org.apache.solr.util.LogListener;
import org.junit.Test;

/** Another cascade ranks a search after its answer has gone out. */
public class ShadowTest extends SolrTest {
  private static final String SERVED = "{!cascade name=popular}";
  private static final String OTHER = "{!cascade name=products}";

  private static Answer ask(String... more) throws Exception {
    String[] params = new String[4 + more.length];
    List<String> given = List.of("q", "red shoe", "rq", SERVED);
    given.toArray(params);
    System.arraycopy(more, 0, params, 4, more.length);
    return solr.get("/select", params);
  }

  @Test
  public void lineSaysWhereEachDocumentStoodBefore() {
    assertEquals(
        "shadow B of A: 2 of the first 3 are the same; document:place before: x:2 y:1 z:0",
        Shadow.line("A", "B", List.of("y", "x", "w"), List.of("x", "y", "z")));
  }

  @Test
  public void shadowIsLoggedAndTheAnswerIsTheSame() throws Exception {
    try (LogListener logged = LogListener.info(Shadow.class)) {
      Answer plain = ask();
      Answer shadowed = ask("cascade.shadow", OTHER);
      assertEquals(plain.ids(), shadowed.ids());
      String line = ShadowLog.await(logged);
      List<String> other = solr.search("q", "red shoe", "rq", OTHER).ids();
      assertTrue(line, line.startsWith("shadow " + OTHER + " of " + SERVED));
      int before = plain.ids().indexOf(other.get(0)) + 1;
      assertTrue(line, line.contains("before: " + other.get(0) + ":" + before));
    }
  }

  @Test
  public void noneOfASampleOfNothing() throws Exception {
    try (LogListener logged = LogListener.info(Shadow.class)) {
      ask("cascade.shadow", OTHER, "cascade.shadowRate", "0");
      ask("cascade.shadow", OTHER);
      ShadowLog.await(logged);
      assertNull(logged.pollMessage());
    }
  }

  @Test
  public void shadowThatFailsIsLoggedOnly() throws Exception {
    try (LogListener warned = LogListener.warn(Shadow.class)) {
      assertEquals(200, ask("cascade.shadow", "{!cascade name=nowhere}").status());
      assertTrue(ShadowLog.await(warned).contains("name: nowhere, must be one of"));
    }
  }

  @Test
  public void rateIsChecked() throws Exception {
    Answer answer = ask("cascade.shadow", OTHER, "cascade.shadowRate", "2");
    assertEquals(400, answer.status());
    assertTrue(
        answer.error(),
        answer.error().contains("cascade.shadowRate: 2, must be a number from 0 to 1"));
  }
}
