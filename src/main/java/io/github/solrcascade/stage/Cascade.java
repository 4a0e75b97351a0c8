package io.github.solrcascade.stage;

import io.github.solrcascade.feature.FeatureSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A list of stages, ready to run. Equal to another if both rank alike: same models by content, same
 * depths. Neither the budget nor {@code failOn} is part of it: an order that was cut short is never
 * kept.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name as configured
 * @param stages at least one; depths never grow
 * @param features the columns that the stages' models read
 * @param budgetMs how long it may take, in milliseconds; empty for as long as it takes
 * @param failOn when a search fails instead
 */
public record Cascade(
    String name, List<Stage> stages, FeatureSet features, OptionalInt budgetMs, FailOn failOn) {

  /** How many documents of the first pass it reranks. */
  public int depth() {
    return stages.get(0).reRankDocs();
  }

  /**
   * This cascade stopped after so many stages, with no stage deeper than {@code mostDocs}, and no
   * more time than {@code mostMs}, which is none if it is the largest number there is.
   */
  public Cascade limitedTo(int stageCount, int mostDocs, int mostMs) {
    int least = Math.min(mostMs, budgetMs.orElse(Integer.MAX_VALUE));
    OptionalInt budget = least == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(least);
    List<Stage> kept =
        stages.stream().limit(stageCount).map(stage -> stage.limitedTo(mostDocs)).toList();
    return new Cascade(name, kept, features, budget, failOn);
  }

  /** The stages that each shard runs over its own documents; there may be none. */
  public Cascade shardPart() {
    List<Stage> kept = stages.stream().filter(stage -> !stage.isGlobal()).toList();
    return new Cascade(name, kept, features, budgetMs, failOn);
  }

  /** The stages of these names. */
  public Cascade only(Set<String> names) {
    List<Stage> kept = stages.stream().filter(stage -> names.contains(stage.name())).toList();
    return new Cascade(name, kept, features, budgetMs, failOn);
  }

  /** This cascade with every stage at its full depth. */
  public Cascade withoutAdaptive() {
    return withStages(Stage::withoutAdaptive);
  }

  /** This cascade with another margin for every stage that has one. */
  public Cascade withMargin(float margin) {
    return withStages(stage -> stage.withMargin(margin));
  }

  private Cascade withStages(UnaryOperator<Stage> change) {
    return new Cascade(name, stages.stream().map(change).toList(), features, budgetMs, failOn);
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
