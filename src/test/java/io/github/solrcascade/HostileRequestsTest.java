package io.github.solrcascade;

import io.github.solrcascade.TestSolr.Answer;
import org.junit.Test;

/** What a visitor can type or send costs bounded time and never more than a clear answer. */
public class HostileRequestsTest extends SolrTest {
  private static final double SECONDS = 10;

  private static Answer ask(String... params) throws Exception {
    long start = System.nanoTime();
    Answer answer = solr.get("/select", params);
    double took = (System.nanoTime() - start) / 1e9;
    assertTrue("took " + took + " s", took < SECONDS);
    assertTrue(answer.json().toString(), answer.status() == 200 || answer.status() == 400);
    return answer;
  }

  @Test
  public void aMegabyteOfText() throws Exception {
    String text = "red shoe ".repeat(110_000);
    String rq = "{!cascade name=products efi.text=$t}";
    String rule = "efi.text: 990000 characters, must be at most 20000";
    Answer refused = ask("q", "title:red", "rq", rq, "t", text);
    assertEquals(400, refused.status());
    assertEquals(rule, refused.error());
    refused = ask("q", text, "rq", "{!cascade name=products}");
    assertEquals(400, refused.status());
    Answer longest = ask("q", "title:red", "rq", rq, "t", text.substring(0, 20_000));
    assertEquals(200, longest.status());
  }

  @Test
  public void thousandsOfEfis() throws Exception {
    StringBuilder rq = new StringBuilder("{!cascade name=products");
    for (int i = 0; i < 5_000; i++) {
      rq.append(" efi.n").append(i).append('=').append(i);
    }
    assertEquals(200, ask("q", "red", "rq", rq + "}").status());
  }

  @Test
  public void deepLocalParameters() throws Exception {
    String deep = "{!cascade name=products efi.text=".repeat(10_000) + "red" + "}".repeat(10_000);
    ask("q", "red", "rq", deep);
    String references = "{!cascade name=products efi.text=$rq}";
    ask("q", "red", "rq", references);
    String nested = "{!bool must=".repeat(2_000) + "red" + "}".repeat(2_000);
    ask("q", "red", "rq", "{!cascade name=products efi.text=$t}", "t", nested);
  }

  @Test
  public void whatIsTypedIsNeverAQuery() throws Exception {
    for (String text :
        new String[] {
          "{!func}exp(exp(exp(9)))",
          "_query_:\"{!frange l=0}1\"",
          "title:[* TO *]",
          "\"",
          "AND OR NOT ((("
        }) {
      Answer answer =
          ask("q", "title:red", "rq", "{!cascade name=products efi.text=$t}", "t", text);
      assertEquals(200, answer.status());
    }
  }

  @Test
  public void namesCannotBreakOutOfTheirPlace() throws Exception {
    Answer answer = ask("q", "red", "rq", "{!cascade name='products\n[WARN] all is well'}");
    assertEquals(400, answer.status());
    assertTrue(
        answer.error(), answer.error().startsWith("name: products\\u000a[WARN] all is well, "));
    answer = ask("q", "red", "rq", "{!cascade name=products budgetMs='" + "9".repeat(5_000) + "'}");
    assertEquals(400, answer.status());
    assertTrue("of bounded length", answer.error().length() < 1_000);
  }
}
