package io.github.solrcascade.config;

/**
 * One {@code <lst name="stage">}.
 *
 * @param name the stage's name, unique in its cascade; by default the model's
 * @param model the name of a model in the LTR model store
 * @param reRankDocs how many documents it reranks, at least 1
 */
public record StageConfig(String name, String model, int reRankDocs) {

  static StageConfig parse(ConfigNode node) {
    node.only("name", "model", "reRankDocs");
    String model = node.text("model", null);
    return new StageConfig(node.text("name", model), model, node.number("reRankDocs", 1));
  }
}
