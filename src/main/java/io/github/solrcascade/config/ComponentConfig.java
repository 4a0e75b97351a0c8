package io.github.solrcascade.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.solr.common.util.NamedList;

/**
 * All that {@code <searchComponent class="io.github.solrcascade.CascadeComponent">} says.
 *
 * @param models the folder that holds the model folders, absolute or relative to the Solr home
 * @param cacheMb how many MB of heap the node's cache of scores and query vectors may take, at
 *     least 0
 * @param encoders names are unique
 * @param rerankers names are unique
 * @param cascades names are unique
 */
public record ComponentConfig(
    String models,
    int cacheMb,
    List<EncoderConfig> encoders,
    List<RerankerConfig> rerankers,
    List<CascadeConfig> cascades) {
  private static final int CACHE_MB = 64;

  /**
   * Reads the component's arguments.
   *
   * @throws ConfigException if a key is unknown or a value breaks its rule
   */
  public static ComponentConfig parse(NamedList<?> args) {
    ConfigNode root =
        new ConfigNode("", args).only("models", "cacheMb", "encoder", "reranker", "cascade");
    List<EncoderConfig> encoders = enabled(root.lists("encoder"), EncoderConfig::parse);
    List<RerankerConfig> rerankers = enabled(root.lists("reranker"), RerankerConfig::parse);
    List<CascadeConfig> cascades = enabled(root.lists("cascade"), CascadeConfig::parse);
    refuseTwins("encoder", encoders, EncoderConfig::name);
    refuseTwins("reranker", rerankers, RerankerConfig::name);
    refuseTwins("cascade", cascades, CascadeConfig::name);
    return new ComponentConfig(
        root.text("models", "models"),
        root.number("cacheMb", 0, CACHE_MB),
        encoders,
        rerankers,
        cascades);
  }

  /** What is switched off is read as strictly as the rest, and then left out. */
  private static <T> List<T> enabled(List<ConfigNode> nodes, Function<ConfigNode, T> parser) {
    List<T> enabled = new ArrayList<>();
    for (ConfigNode node : nodes) {
      T parsed = parser.apply(node);
      if (node.isEnabled()) {
        enabled.add(parsed);
      }
    }
    return List.copyOf(enabled);
  }

  private static <T> void refuseTwins(String key, List<T> all, Function<T, String> name) {
    List<String> names = all.stream().map(name).toList();
    for (String each : names) {
      if (names.indexOf(each) != names.lastIndexOf(each)) {
        throw new ConfigException(key + "[" + each + "].name", each, "must be unique");
      }
    }
  }
}
