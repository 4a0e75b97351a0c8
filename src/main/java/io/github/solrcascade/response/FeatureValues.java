package io.github.solrcascade.response;

import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.stage.CascadeRun;
import org.apache.solr.common.util.SimpleOrderedMap;

/** The features that a run computed for a candidate, by name. */
public final class FeatureValues {
  private FeatureValues() {}

  /** The values that the run knows of. */
  public static SimpleOrderedMap<Float> of(CascadeRun run, int candidate) {
    SimpleOrderedMap<Float> values = new SimpleOrderedMap<>();
    FeatureMatrix matrix = run.features();
    for (int column = 0; column < run.cascade().features().size(); column++) {
      if (matrix.isKnown(column, candidate)) {
        values.add(run.cascade().features().name(column), matrix.get(column, candidate));
      }
    }
    return values;
  }
}
