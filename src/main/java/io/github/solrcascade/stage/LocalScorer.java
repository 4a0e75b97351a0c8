package io.github.solrcascade.stage;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.feature.FeatureExtractor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Scores documents of this core. Not thread-safe: one request owns it. */
public final class LocalScorer implements StageScorer {
  private final FeatureExtractor extractor;

  /** A scorer of the candidates whose features these are. */
  public LocalScorer(FeatureExtractor extractor) {
    this.extractor = extractor;
  }

  @Override
  public Scored score(Stage stage, int[] top, Deadline deadline) throws IOException {
    int affordable = stage.cost().affordable(top.length, deadline.nanosLeft());
    if (affordable < Math.min(1, top.length)) {
      throw new OutOfTime("too little of the budget is left for it");
    }
    long start = System.nanoTime();
    int[] columns = stage.model().columns();
    int known = extractor.extract(columns, Arrays.copyOf(top, affordable), deadline);
    long scoring = System.nanoTime();
    float[] scores = stage.model().score(extractor.matrix(), Arrays.copyOf(top, known));
    long end = System.nanoTime();
    stage.cost().add(known, end - start);
    String shortfall = shortfall(known, affordable, top.length, deadline);
    return new Scored(
        scores,
        shortfall,
        scoring - start,
        end - scoring,
        extractor.findings().pairs(),
        List.of(),
        extractor.findings().notes());
  }

  private static String shortfall(int done, int affordable, int wanted, Deadline deadline) {
    if (done == wanted) {
      return "";
    }
    return done == affordable && !deadline.isPast()
        ? "too little of the budget was left for more"
        : deadline.toString();
  }
}
