package io.github.solrcascade.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One {@code <lst name="cascade">}.
 *
 * @param name the name that {@code rq={!cascade name=…}} gives
 * @param budgetMs how long the cascade may take, in milliseconds, at least 1; empty for no limit
 * @param failOn when a search fails instead of being served in a lesser order: {@code failed} or
 *     {@code degraded}; empty for never
 * @param stages at least one, in the order in which they run; depths never grow, and those of scope
 *     global come last
 */
public record CascadeConfig(
    String name, OptionalInt budgetMs, Optional<String> failOn, List<StageConfig> stages) {
  private static final List<String> FAIL_ON = List.of("failed", "degraded");

  static CascadeConfig parse(ConfigNode unnamed) {
    ConfigNode node =
        unnamed.named("cascade").only("name", "budgetMs", "failOn", "stage", "enable");
    List<StageConfig> stages = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int depth = Integer.MAX_VALUE;
    boolean global = false;
    for (ConfigNode stageNode : node.lists("stage")) {
      StageConfig stage = StageConfig.parse(stageNode);
      if (!names.add(stage.name())) {
        throw new ConfigException(stageNode.at("name"), stage.name(), "must be unique");
      }
      if (stage.reRankDocs() > depth) {
        throw new ConfigException(
            stageNode.at("reRankDocs"),
            stage.reRankDocs(),
            "must be ≤ " + depth + ", the depth of the stage before");
      }
      depth = stage.reRankDocs();
      if (global && !stage.global()) {
        throw new ConfigException(
            stageNode.at("scope"), "shard", "must be global, as the scope of the stage before");
      }
      global = stage.global();
      stages.add(stage);
    }
    if (stages.isEmpty()) {
      throw new ConfigException(node.at("stage"), "missing", "a cascade needs at least one");
    }
    return new CascadeConfig(
        node.text("name", null),
        node.optionalNumber("budgetMs", 1),
        node.optionalChoice("failOn", FAIL_ON),
        List.copyOf(stages));
  }
}
