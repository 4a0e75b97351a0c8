package io.github.solrcascade.demo;

import static org.junit.Assert.assertEquals;

import io.github.solrcascade.demo.JudgedSet.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ReportTest {
  private static final Ranker DEEP = new Ranker("deep", Optional.of("{!cascade name=c stages=1}"));

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void aCascadeIsCutOffAfterEachOfItsStages() {
    assertEquals(
        List.of(
            Ranker.FIRST_PASS,
            new Ranker("lexical", Optional.of("{!cascade name=c stages=1}")),
            new Ranker("deep", Optional.of("{!cascade name=c stages=2}"))),
        Ranker.upToEachStage("c", List.of("lexical", "deep")));
  }

  @Test
  public void theTableHasALineForEachStage() {
    List<String> lines =
        new StageTable(List.of(result(Ranker.FIRST_PASS, 0.25), result(DEEP, 0.5))).lines();

    assertEquals(
        List.of(
            "stage       reranked  NDCG@10       95% CI  condensed  judged@10  p50 ms  p95 ms",
            "────────────────────────────────────────────────────────────────────────────────",
            "first pass         –    0.250  0.250–0.250      0.500        75%     2.0     2.0",
            "+ deep            20    0.500  0.500–0.500      0.500        75%     2.0     2.0"),
        lines);
  }

  @Test
  public void theJsonHoldsTheSameNumbers() {
    String json = new StageTable(List.of(result(DEEP, 0.5))).json("shop");

    assertEquals(
        "{\"collection\":\"shop\",\"queries\":1,\"stages\":[{\"name\":\"deep\",\"docs\":20,"
            + "\"ndcg10\":0.500000,\"ndcg10Low\":0.500000,\"ndcg10High\":0.500000,"
            + "\"condensedNdcg10\":0.500000,\"judged10\":0.750000,\"p50Ms\":2.000,\"p95Ms\":2.000}]}",
        json);
  }

  @Test
  public void theRunEncodesTheRankInTheScore() throws Exception {
    Path file = folder.getRoot().toPath().resolve("run.txt");

    TrecRun.write(file, result(DEEP, 0.5));

    assertEquals(List.of("q1 Q0 b 1 2 cascade", "q1 Q0 a 2 1 cascade"), Files.readAllLines(file));
  }

  @Test
  public void showsTheLargestGainTheMedianAndTheLargestLoss() {
    RankerResult before = result(Ranker.FIRST_PASS, 0.5, 0.5, 0.5);

    assertEquals(List.of(1, 2, 0), SideBySide.choose(before, result(DEEP, 0.1, 0.9, 0.5)));
    assertEquals(List.of(0), SideBySide.choose(result(DEEP, 0.5), result(DEEP, 0.5)));
  }

  private static RankerResult result(Ranker ranker, double... ndcgs) {
    List<QueryResult> queries = new ArrayList<>();
    for (double ndcg : ndcgs) {
      Query query = new Query("q" + (queries.size() + 1), "text");
      queries.add(new QueryResult(query, List.of("b", "a"), true, ndcg, 0.5, 0.75, 20, 2_000_000));
    }
    return new RankerResult(ranker, queries);
  }
}
