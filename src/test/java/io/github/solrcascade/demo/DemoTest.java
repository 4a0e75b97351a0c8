package io.github.solrcascade.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.solr.client.solrj.SolrClient;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The demo's parts together: a real Solr over HTTP, a small judged set. */
public class DemoTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath();

  @ClassRule public static final TemporaryFolder folder = new TemporaryFolder();

  private static JudgedSet set;
  private static EmbeddedSolr solr;
  private static SolrClient client;

  @BeforeClass
  public static void start() throws Exception {
    set = JudgedSet.read(SmallSet.write(folder.newFolder("lamps").toPath()));
    solr = EmbeddedSolr.start(PROJECT, set.name(), Optional.empty(), 0);
    client = solr.newClient();
    new Indexer(client).index(new DocumentReader(set.fields()).readAll(set), batch -> {});
  }

  @AfterClass
  public static void stop() throws Exception {
    client.close();
    solr.close();
  }

  @Test
  public void measuresEachRankerOnEachQuery() {
    Ranker titles =
        new Ranker("titles", Optional.of("{!rerank reRankQuery=title:desk reRankWeight=9}"));

    List<RankerResult> results = evaluate(Ranker.FIRST_PASS, titles);

    assertEquals(List.of("p2", "p1", "p4"), results.get(0).queries().get(0).ranking());
    assertEquals(List.of("p4", "p2", "p1"), results.get(1).queries().get(0).ranking());
    assertEquals(2, results.get(0).judgeable().size());
    assertEquals(1, results.get(0).queries().get(1).ndcg(), 1e-12);
  }

  @Test
  public void measuresTheConfiguredCascadeStageByStage() {
    Searcher searcher = new Searcher(client);
    List<String> stages = searcher.stages(set.queries(), "products");
    assertEquals(List.of("lexical", "semantic", "deep"), stages);

    List<RankerResult> results =
        evaluate(Ranker.upToEachStage("products", stages).toArray(new Ranker[0]));

    assertEquals(4, results.size());
    List<String> found = results.get(0).queries().get(0).ranking();
    List<String> ranked = results.get(3).queries().get(0).ranking();
    assertEquals(new TreeSet<>(found), new TreeSet<>(ranked));
    assertEquals(3, results.get(3).queries().get(0).reranked());
  }

  @Test
  public void anUnknownCascadeIsRefusedWithTheOption() {
    Exception refused =
        assertThrows(
            DemoException.class, () -> new Searcher(client).stages(set.queries(), "nonesuch"));

    assertThat(refused.getMessage(), containsString("--cascade: nonesuch, "));
    assertThat(refused.getMessage(), containsString("must be one of [products]"));
  }

  @Test
  public void reportsPagesTableAndJson() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    Report report =
        new Report(out, set, new Searcher(client), evaluate(Ranker.FIRST_PASS, Ranker.FIRST_PASS));

    report.printPages();
    report.printTable();
    report.printCommands(solr.url(), "products");
    report.printJson(Optional.empty());

    String text = written.toString(StandardCharsets.UTF_8);
    assertThat(text, containsString("\n   1  Red lamp shade, red lamp"));
    assertThat(text, containsString("\n   ·  Desk lamp DX-1211"));
    assertThat(text, containsString("2 of 3 queries have a relevant document"));
    assertThat(
        text,
        containsString(
            "curl " + solr.url() + "/select -d 'q=red lamp&rq={!cascade name=products}'\n"));
    assertThat(text, containsString("\n{\"collection\":\"lamps\",\"queries\":2,"));
  }

  @Test
  public void modelNumbersAreFoundHoweverTheyAreWritten() {
    for (String text : List.of("DX-1211", "dx1211", "1211", "Dx 1211")) {
      assertEquals(text, "p4", firstHit(text));
    }
  }

  @Test
  public void anyTextIsAQuery() {
    String longest = "lamp ab ".repeat(1_250);
    for (String text : List.of(longest, "lamp \uD83D\uDCA1\u0001(", "title:lamp AND \"", "-", "")) {
      new Searcher(client).search(text, Ranker.FIRST_PASS, 10, "id");
    }
  }

  @Test
  public void aRefusedSearchSaysWhy() {
    Ranker unknown = new Ranker("none", Optional.of("{!nonesuch}"));

    Exception refused =
        assertThrows(
            DemoException.class, () -> new Searcher(client).search("lamp", unknown, 10, "id"));

    assertThat(refused.getMessage(), containsString("nonesuch"));
  }

  @Test
  public void aTakenPortIsRefused() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      Exception refused =
          assertThrows(
              DemoException.class,
              () -> EmbeddedSolr.start(PROJECT, "lamps", Optional.empty(), port));
      assertThat(refused.getMessage(), containsString("--port: " + port + ", is taken"));
    }
  }

  private static List<RankerResult> evaluate(Ranker... rankers) {
    return new Evaluation(set, new Searcher(client)).run(List.of(rankers), () -> {});
  }

  private static String firstHit(String text) {
    return new Searcher(client).search(text, Ranker.FIRST_PASS, 1, "id").ids().get(0);
  }
}
