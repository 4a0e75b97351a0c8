package io.github.solrcascade.candidates;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import org.junit.Test;

/** The order of the candidates, and what reranking some of them does to it. */
public class CandidatesTest {
  private final Candidates candidates =
      new Candidates(new int[] {40, 10, 30, 20}, new float[] {9, 8, 7, 6});

  @Test
  public void beginInFirstPassOrder() {
    assertArrayEquals(new int[] {0, 1, 2, 3}, candidates.top(4));
    assertEquals(40, candidates.doc(0));
    assertEquals(9, candidates.score(0), 0);
  }

  @Test
  public void topIsNeverMoreThanThereAre() {
    assertArrayEquals(new int[] {0, 1}, candidates.top(2));
    assertEquals(4, candidates.top(Integer.MAX_VALUE).length);
    assertEquals(0, new Candidates(new int[0], new float[0]).top(5).length);
  }

  @Test
  public void inDoubtAreThoseThatMayYetComeOntoTheFirstPage() {
    assertArrayEquals(new int[] {0, 1}, candidates.topInDoubt(4, 2, 0));
    assertArrayEquals(new int[] {0, 1, 2}, candidates.topInDoubt(4, 2, 1));
    assertArrayEquals(new int[] {0, 1, 2}, candidates.topInDoubt(3, 2, 5));
    assertArrayEquals(new int[] {0, 1}, candidates.topInDoubt(2, 3, 0));
  }

  @Test
  public void rerankedDocumentsStandAboveTheOthersWhateverTheirScores() {
    candidates.rerank(candidates.top(2), new float[] {-5, -4});
    assertArrayEquals(new int[] {1, 0, 2, 3}, candidates.top(4));
    assertEquals(-4, candidates.score(1), 0);
    assertEquals("the others keep their scores", 7, candidates.score(2), 0);
    assertEquals("as does the first pass", 8, candidates.firstPassScore(1), 0);
  }

  @Test
  public void tiesGoByDocId() {
    candidates.rerank(candidates.top(4), new float[] {1, 1, 1, 1});
    assertArrayEquals(new int[] {1, 3, 2, 0}, candidates.top(4));
  }

  @Test
  public void zerosAreTiesWhateverTheirSign() {
    candidates.rerank(candidates.top(4), new float[] {0f, -0f, 0f, -0f});
    assertArrayEquals(new int[] {1, 3, 2, 0}, candidates.top(4));
  }

  @Test
  public void ranksAreTheOrderTurnedRound() {
    candidates.rerank(candidates.top(3), new float[] {1, 2, 3});
    assertArrayEquals(new int[] {2, 1, 0, 3}, candidates.top(4));
    assertArrayEquals(new int[] {2, 1, 0, 3}, candidates.ranks());
    candidates.rerank(candidates.top(2), new float[] {1, 2});
    assertArrayEquals(new int[] {1, 2, 0, 3}, candidates.top(4));
    assertArrayEquals(new int[] {2, 0, 1, 3}, candidates.ranks());
  }

  @Test
  public void callersArraysStayTheirs() {
    int[] top = candidates.top(4);
    candidates.rerank(top, new float[] {1, 2, 3, 4});
    assertArrayEquals(new int[] {0, 1, 2, 3}, top);
  }
}
