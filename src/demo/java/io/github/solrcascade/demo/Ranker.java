package io.github.solrcascade.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What orders a search's documents: the first pass alone, or with a cascade cut off after a stage.
 *
 * @param name of its last stage
 * @param rankQuery the request's {@code rq}; empty for the first pass
 */
public record Ranker(String name, Optional<String> rankQuery) {

  /** The first pass, nothing reranked. */
  public static final Ranker FIRST_PASS = new Ranker("first pass", Optional.empty());

  /** The first pass, then a cascade's first stage alone, its first two, and so on. */
  public static List<Ranker> upToEachStage(String cascade, List<String> stages) {
    List<Ranker> rankers = new ArrayList<>();
    rankers.add(FIRST_PASS);
    for (int n = 1; n <= stages.size(); n++) {
      String rankQuery = wholeCascade(cascade).replace("}", " stages=" + n + "}");
      rankers.add(new Ranker(stages.get(n - 1), Optional.of(rankQuery)));
    }
    return List.copyOf(rankers);
  }

  /** The {@code rq} of a cascade, all stages. */
  public static String wholeCascade(String cascade) {
    return "{!cascade name=" + cascade + "}";
  }
}
