package io.github.solrcascade.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How well a ranking agrees with the judgements, from 0 to 1.
 *
 * <p>{@link #at} is trec_eval's {@code ndcg_cut}: a grade is its own gain, rank r discounts it by
 * log2(r + 1), and the ideal ranking holds every document judged relevant, found or not. See
 * Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
 */
public final class Ndcg {
  private Ndcg() {}

  /** NDCG of the first {@code depth} documents; one that was never judged gains nothing. */
  public static double at(int depth, List<String> ranking, Map<String, Integer> grades) {
    List<Integer> gains =
        ranking.stream().map(document -> grades.getOrDefault(document, 0)).toList();
    List<Integer> ideal = grades.values().stream().sorted(Comparator.reverseOrder()).toList();
    double best = discounted(depth, ideal);
    return best == 0 ? 0 : discounted(depth, gains) / best;
  }

  /**
   * NDCG of the ranking without the documents that were never judged (Sakai, "Alternatives to
   * Bpref", 2007): fair to a ranker that finds what the judges were not shown.
   */
  public static double condensedAt(int depth, List<String> ranking, Map<String, Integer> grades) {
    return at(depth, ranking.stream().filter(grades::containsKey).toList(), grades);
  }

  /** The share of the first {@code depth} documents that were judged at all. */
  public static double judgedAt(int depth, List<String> ranking, Map<String, Integer> grades) {
    return ranking.stream()
        .limit(depth)
        .mapToInt(d -> grades.containsKey(d) ? 1 : 0)
        .average()
        .orElse(0);
  }

  private static double discounted(int depth, List<Integer> gains) {
    double sum = 0;
    for (int i = 0; i < Math.min(depth, gains.size()); i++) {
      if (gains.get(i) > 0) {
        sum += gains.get(i) * Math.log(2) / Math.log(i + 2);
      }
    }
    return sum;
  }
}
