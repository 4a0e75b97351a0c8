package io.github.solrcascade.candidates;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The documents that the first pass gave to the cascade, as parallel arrays. A candidate is named
 * by its index, its place in the first pass; its rank is its place now. Both count from 0.
 *
 * <p>Not thread-safe: one request owns it.
 */
public final class Candidates {
  private final int[] docs;
  private final float[] firstPassScores;
  private final float[] scores;
  private final int[] order;

  /**
   * Candidates in the order of the first pass.
   *
   * @param docs Lucene doc ids, best first
   * @param firstPassScores their scores
   */
  public Candidates(int[] docs, float[] firstPassScores) {
    this.docs = docs.clone();
    this.firstPassScores = firstPassScores.clone();
    this.scores = firstPassScores.clone();
    this.order = IntStream.range(0, docs.length).toArray();
  }

  /** How many documents there are. */
  public int size() {
    return docs.length;
  }

  /** The candidate's Lucene doc id. */
  public int doc(int candidate) {
    return docs[candidate];
  }

  /** The candidate's score in the first pass. */
  public float firstPassScore(int candidate) {
    return firstPassScores[candidate];
  }

  /** The candidate's score in the last stage that reranked it, or in the first pass. */
  public float score(int candidate) {
    return scores[candidate];
  }

  /** The first {@code n} candidates as they stand now, best first. */
  public int[] top(int n) {
    return Arrays.copyOf(order, Math.min(n, order.length));
  }

  /**
   * The first candidates that may yet change the first page: of the first {@code n} those whose
   * score is not further below the {@code page}-th's than so much.
   *
   * @param margin at least 0
   */
  public int[] topInDoubt(int n, int page, float margin) {
    int[] top = top(n);
    if (top.length <= page) {
      return top;
    }
    float least = scores[top[page - 1]] - margin;
    int count = page;
    while (count < top.length && scores[top[count]] >= least) {
      count++;
    }
    return Arrays.copyOf(top, count);
  }

  /**
   * Gives the first documents new scores and sorts them by score, equal ones by doc id. The others
   * keep their places below.
   *
   * @param top what {@link #top} returned
   * @param newScores their scores, in the same order
   */
  public void rerank(int[] top, float[] newScores) {
    for (int i = 0; i < top.length; i++) {
      scores[top[i]] = newScores[i];
    }
    int[] sorted =
        Arrays.stream(top)
            .boxed()
            .sorted(
                // adding 0 makes -0 and 0 the tie that they are
                Comparator.<Integer>comparingDouble(c -> 0.0 - scores[c])
                    .thenComparingInt(c -> docs[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    System.arraycopy(sorted, 0, order, 0, sorted.length);
  }

  /** The scores of the first {@code n} as they stand now, by candidate; NaN for the others. */
  public float[] scores(int n) {
    float[] known = new float[order.length];
    Arrays.fill(known, Float.NaN);
    for (int candidate : top(n)) {
      known[candidate] = scores[candidate];
    }
    return known;
  }

  /** Each candidate's rank as things stand now, by candidate. */
  public int[] ranks() {
    int[] ranks = new int[order.length];
    for (int rank = 0; rank < order.length; rank++) {
      ranks[order[rank]] = rank;
    }
    return ranks;
  }
}
