package io.github.solrcascade.response;

import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.Stage;
import java.util.Optional;
import org.apache.lucene.search.Explanation;

/** Explains a document's score as the stage that gave it would. */
public final class CascadeExplainer {
  private CascadeExplainer() {}

  /**
   * Explains one document.
   *
   * @param doc a doc id of the whole index
   * @param firstPass the first pass's explanation of it
   * @return an explanation whose value is the score that the response gives
   */
  public static Explanation explain(CascadeRun run, int doc, Explanation firstPass) {
    if (run.candidate(doc).isEmpty()) {
      return firstPass;
    }
    int candidate = run.candidate(doc).getAsInt();
    Candidates candidates = run.candidates();
    Explanation first =
        Explanation.match(candidates.firstPassScore(candidate), "first pass score", firstPass);
    Optional<Stage> last = run.lastStage(candidate);
    if (last.isEmpty()) {
      return first;
    }
    float score = candidates.score(candidate);
    return Explanation.match(
        score,
        describe(run, last.get()),
        last.get().model().explain(run.features(), candidate, score),
        first);
  }

  private static String describe(CascadeRun run, Stage last) {
    return "cascade '"
        + run.cascade().name()
        + "', last stage reached '"
        + last.name()
        + "' ("
        + (run.cascade().stages().indexOf(last) + 1)
        + " of "
        + run.cascade().stages().size()
        + "), its score and the first pass's";
  }
}
