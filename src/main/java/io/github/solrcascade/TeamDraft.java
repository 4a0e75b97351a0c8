package io.github.solrcascade;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Two rankings as one page, each document on the team that brought it. In turn each team picks its
 * best document that is not picked yet; who begins a round is tossed.
 *
 * <p>Radlinski, Kurup and Joachims, How Does Clickthrough Data Reflect Retrieval Quality? (2008).
 */
final class TeamDraft {
  /** One place of the page: which of a ranking's documents, and whose. */
  record Pick(String id, boolean isOfA) {}

  private TeamDraft() {}

  /**
   * The page.
   *
   * @param a ids, best first
   * @param b the same of the other ranking
   * @param size how many documents are wanted
   * @param seed the same seed gives the same tosses, so that pages fit together
   */
  static List<Pick> draft(List<String> a, List<String> b, int size, long seed) {
    Random toss = new Random(seed);
    Set<String> picked = new HashSet<>();
    List<Pick> page = new ArrayList<>();
    boolean isAFirst = true;
    while (page.size() < size) {
      isAFirst = page.size() % 2 == 0 ? toss.nextBoolean() : !isAFirst;
      String best = best(isAFirst ? a : b, picked);
      boolean isOfA = best == null ? !isAFirst : isAFirst;
      String next = best == null ? best(isOfA ? a : b, picked) : best;
      if (next == null) {
        break;
      }
      picked.add(next);
      page.add(new Pick(next, isOfA));
    }
    return page;
  }

  private static String best(List<String> ranking, Set<String> picked) {
    return ranking.stream().filter(id -> !picked.contains(id)).findFirst().orElse(null);
  }
}
