package io.github.solrcascade.stage;

import io.github.solrcascade.feature.FeatureSet;
import java.util.List;
import java.util.Objects;

/**
 * A list of stages, ready to run. Equal to another if both rank alike: same models by content, same
 * depths.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name as configured
 * @param stages at least one; depths never grow
 * @param features the columns that the stages' models read
 */
public record Cascade(String name, List<Stage> stages, FeatureSet features) {

  /** How many documents of the first pass it reranks. */
  public int depth() {
    return stages.get(0).reRankDocs();
  }

  /** This cascade stopped after so many stages, with no stage deeper than {@code mostDocs}. */
  public Cascade limitedTo(int stageCount, int mostDocs) {
    List<Stage> kept =
        stages.stream()
            .limit(stageCount)
            .map(s -> new Stage(s.name(), Math.min(s.reRankDocs(), mostDocs), s.model()))
            .toList();
    return new Cascade(name, kept, features);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cascade that && name.equals(that.name) && stages.equals(that.stages);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, stages);
  }

  @Override
  public String toString() {
    return name + stages.stream().map(s -> s.name() + ":" + s.reRankDocs()).toList();
  }
}
