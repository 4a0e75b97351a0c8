package io.github.solrcascade.config;

import java.util.List;
import java.util.Optional;

/**
 * One {@code <lst name="stage">}.
 *
 * @param name the stage's name, unique in its cascade; by default the model's
 * @param model the name of a model in the LTR model store
 * @param reRankDocs how many documents it reranks, at least 1
 * @param adaptive how far below the tenth document's score one may lie to be reranked still, at
 *     least 0; empty for any
 * @param global whether it runs once over the merged documents of all shards, rather than on each
 *     shard over its own
 */
public record StageConfig(
    String name, String model, int reRankDocs, Optional<Float> adaptive, boolean global) {
  private static final List<String> SCOPES = List.of("shard", "global");

  /** A stage that runs on each shard. */
  public StageConfig(String name, String model, int reRankDocs, Optional<Float> adaptive) {
    this(name, model, reRankDocs, adaptive, false);
  }

  static StageConfig parse(ConfigNode node) {
    node.only("name", "model", "reRankDocs", "adaptive", "scope");
    String model = node.text("model", null);
    return new StageConfig(
        node.text("name", model),
        model,
        node.number("reRankDocs", 1),
        node.optionalMargin("adaptive"),
        node.optionalChoice("scope", SCOPES).filter("global"::equals).isPresent());
  }
}
