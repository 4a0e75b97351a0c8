package io.github.solrcascade.response;

import io.github.solrcascade.stage.CascadeRun;
import io.github.solrcascade.stage.StageReport;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.solr.common.util.SimpleOrderedMap;

/**
 * Where a document fell behind in a run: its rank after each stage (from 1), its score there, how
 * many documents went on, and the score of the last of those, which would have been enough.
 */
public final class WhyNotSection {
  private final CascadeRun run;
  private final int candidate;
  private final int pageEnd;

  private WhyNotSection(CascadeRun run, int candidate, int pageEnd) {
    this.run = run;
    this.candidate = candidate;
    this.pageEnd = pageEnd;
  }

  /** Of a document that no stage saw; {@code verdict} says why. */
  public static SimpleOrderedMap<Object> unseen(String id, String verdict) {
    SimpleOrderedMap<Object> section = new SimpleOrderedMap<>();
    section.add("id", id);
    section.add("verdict", verdict);
    return section;
  }

  /**
   * Of a candidate.
   *
   * @param features tells a candidate's features by name
   * @param pageEnd how many documents are on the page and those before it
   */
  public static SimpleOrderedMap<Object> of(
      CascadeRun run, int candidate, String id, int pageEnd, IntFunction<?> features) {
    return new WhyNotSection(run, candidate, pageEnd).section(id, features);
  }

  private SimpleOrderedMap<Object> section(String id, IntFunction<?> features) {
    OptionalInt lost = lostAt();
    SimpleOrderedMap<Object> section = unseen(id, verdict(lost));
    section.add("firstPassRank", candidate + 1);
    section.add("stages", IntStream.range(0, reached()).mapToObj(this::stage).toList());
    section.add("features", features.apply(candidate));
    if (lost.isPresent()) {
      section.add("featuresOfTheLast", features.apply(lastThatWentOn(lost.getAsInt())));
    }
    return section;
  }

  /** How many stages reranked it. */
  private int reached() {
    int stages = 0;
    while (stages < run.reports().size()
        && run.rankAfter(stages, candidate) < run.reports().get(stages).docs()) {
      stages++;
    }
    return stages;
  }

  /** The stage after which it was too far down, −1 for the first pass; empty if none. */
  private OptionalInt lostAt() {
    int stages = run.reports().size();
    int finalRank = stages == 0 ? candidate : run.rankAfter(stages - 1, candidate);
    return finalRank < pageEnd ? OptionalInt.empty() : OptionalInt.of(reached() - 1);
  }

  private String verdict(OptionalInt lost) {
    if (lost.isEmpty()) {
      return "it is among the first " + pageEnd;
    }
    int stage = lost.getAsInt();
    float score = score(stage, candidate);
    float needed = score(stage, lastThatWentOn(stage));
    return String.format(
        Locale.ROOT,
        "it fell behind after %s: rank %d, and %d went on; its score of %s is %s below the %s"
            + " that was enough",
        stage < 0 ? "the first pass" : "stage '" + run.reports().get(stage).stage().name() + "'",
        rank(stage, candidate) + 1,
        wentOn(stage),
        score,
        needed - score,
        needed);
  }

  private SimpleOrderedMap<Object> stage(int stage) {
    StageReport report = run.reports().get(stage);
    float needed = score(stage, lastThatWentOn(stage));
    float score = score(stage, candidate);
    SimpleOrderedMap<Object> entry = new SimpleOrderedMap<>();
    entry.add("name", report.stage().name());
    entry.add("model", report.stage().model().name());
    entry.add("rank", rank(stage, candidate) + 1);
    entry.add("wentOn", wentOn(stage));
    entry.add("score", score);
    // Where more went on than the stage reranked, any score was enough.
    if (!Float.isNaN(needed)) {
      entry.add("scoreOfTheLast", needed);
      entry.add("margin", score - needed);
    }
    return entry;
  }

  /** How many documents the next stage that did anything got; after the last one the page. */
  private int wentOn(int stage) {
    for (int next = stage + 1; next < run.reports().size(); next++) {
      if (run.reports().get(next).docs() > 0) {
        return run.reports().get(next).docs();
      }
    }
    return Math.min(pageEnd, run.candidates().size());
  }

  private int lastThatWentOn(int stage) {
    int last = Math.max(0, wentOn(stage) - 1);
    return IntStream.range(0, run.candidates().size())
        .filter(other -> rank(stage, other) == last)
        .findFirst()
        .orElseThrow();
  }

  private int rank(int stage, int of) {
    return stage < 0 ? of : run.rankAfter(stage, of);
  }

  private float score(int stage, int of) {
    return stage < 0 ? run.candidates().firstPassScore(of) : run.scoreIn(stage, of);
  }
}
