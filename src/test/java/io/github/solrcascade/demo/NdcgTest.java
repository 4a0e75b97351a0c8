package io.github.solrcascade.demo;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class NdcgTest {
  private static final double LOG2_OF_3 = Math.log(3) / Math.log(2);
  private static final Path FIXTURE = Path.of("src/test/resources/ndcg");

  @Test
  public void theIdealRankingScoresOne() {
    assertEquals(1, Ndcg.at(10, List.of("best", "good"), Map.of("best", 3, "good", 1)), 1e-12);
  }

  @Test
  public void aGradeIsDiscountedByTheLogarithmOfItsRank() {
    double swapped = (1 + 3 / LOG2_OF_3) / (3 + 1 / LOG2_OF_3);

    assertEquals(
        swapped, Ndcg.at(10, List.of("good", "best"), Map.of("best", 3, "good", 1)), 1e-12);
  }

  @Test
  public void whatIsBelowTheCutGainsNothing() {
    assertEquals(0, Ndcg.at(1, List.of("bad", "best"), Map.of("best", 3, "bad", 0)), 0);
  }

  @Test
  public void aRelevantDocumentThatWasNotFoundIsPartOfTheIdeal() {
    assertEquals(1 / (1 + 1 / LOG2_OF_3), Ndcg.at(10, List.of("a"), Map.of("a", 1, "b", 1)), 1e-12);
  }

  @Test
  public void withoutARelevantDocumentItIsZero() {
    assertEquals(0, Ndcg.at(10, List.of("a"), Map.of("a", 0)), 0);
  }

  @Test
  public void condensingRemovesTheUnjudgedAboveTheCut() {
    List<String> ranking = List.of("unjudged", "best");

    assertEquals(0, Ndcg.at(1, ranking, Map.of("best", 3)), 0);
    assertEquals(1, Ndcg.condensedAt(1, ranking, Map.of("best", 3)), 1e-12);
  }

  @Test
  public void judgedIsAShareOfWhatWasReturned() {
    assertEquals(0.5, Ndcg.judgedAt(10, List.of("unjudged", "bad"), Map.of("bad", 0)), 0);
    assertEquals(0, Ndcg.judgedAt(10, List.of(), Map.of("bad", 0)), 0);
  }

  /** The fixture's maker is beside it. */
  @Test
  public void agreesWithIrMeasures() throws Exception {
    Qrels qrels = Qrels.parse(Files.readAllLines(FIXTURE.resolve("qrels.txt")), "qrels.txt");
    Map<String, List<String>> rankings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(FIXTURE.resolve("run.txt"))) {
      String[] columns = line.split(" ", -1);
      rankings.computeIfAbsent(columns[0], query -> new ArrayList<>()).add(columns[2]);
    }
    for (String line : Files.readAllLines(FIXTURE.resolve("expected.tsv"))) {
      String[] columns = line.split("\t", -1);
      double ours = Ndcg.at(10, rankings.get(columns[0]), qrels.of(columns[0]));
      assertEquals(columns[0], Double.parseDouble(columns[1]), ours, 1e-6);
    }
  }
}
