package io.github.solrcascade.config;

import java.util.Optional;

/**
 * One {@code <lst name="stage">}.
 *
 * @param name the stage's name, unique in its cascade; by default the model's
 * @param model the name of a model in the LTR model store
 * @param reRankDocs how many documents it reranks, at least 1
 * @param adaptive how far below the tenth document's score one may lie to be reranked still, at
 *     least 0; empty for any
 */
public record StageConfig(String name, String model, int reRankDocs, Optional<Float> adaptive) {

  static StageConfig parse(ConfigNode node) {
    node.only("name", "model", "reRankDocs", "adaptive");
    String model = node.text("model", null);
    return new StageConfig(
        node.text("name", model),
        model,
        node.number("reRankDocs", 1),
        node.optionalMargin("adaptive"));
  }
}
