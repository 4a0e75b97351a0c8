package io.github.solrcascade.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What orders a search's documents: the first pass alone, or with a cascade cut off after a stage.
 *
 * @param name of its last stage
 * @param parser the local parameters before the query's text; empty for the handler's own
 * @param rankQuery the request's {@code rq}; empty for the first pass
 */
public record Ranker(String name, String parser, Optional<String> rankQuery) {

  /** One whose first pass is the handler's own. */
  public Ranker(String name, Optional<String> rankQuery) {
    this(name, "", rankQuery);
  }

  /** The first pass, nothing reranked. */
  public static final Ranker FIRST_PASS = new Ranker("first pass", Optional.empty());

  /** The first pass, then a cascade's first stage alone, its first two, and so on. */
  public static List<Ranker> upToEachStage(String cascade, List<String> stages) {
    List<Ranker> rankers = new ArrayList<>();
    rankers.add(FIRST_PASS);
    for (int n = 1; n <= stages.size(); n++) {
      rankers.add(ofCascade(stages.get(n - 1), cascade, " stages=" + n));
    }
    return List.copyOf(rankers);
  }

  /** The {@code rq} of a cascade, all stages. */
  public static String wholeCascade(String cascade) {
    return rankQuery(cascade, "");
  }

  /**
   * A cascade with more local parameters.
   *
   * @param parameters none, or each with a space before it
   */
  public static Ranker ofCascade(String name, String cascade, String parameters) {
    return new Ranker(name, Optional.of(rankQuery(cascade, parameters)));
  }

  private static String rankQuery(String cascade, String parameters) {
    return "{!cascade name=" + cascade + parameters + "}";
  }
}
