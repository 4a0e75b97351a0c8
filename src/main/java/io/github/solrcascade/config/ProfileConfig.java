package io.github.solrcascade.config;

import org.apache.solr.common.util.NamedList;

/**
 * Where visitors' profiles are kept.
 *
 * @param collection a collection, or without SolrCloud a core of the node
 * @param field its stored field with the clicks
 */
public record ProfileConfig(String collection, String field) {

  /**
   * Reads the component's arguments.
   *
   * @throws ConfigException if a key is unknown or a value breaks its rule
   */
  public static ProfileConfig parse(NamedList<?> args) {
    ConfigNode node = new ConfigNode("profile", args).only("collection", "field");
    return new ProfileConfig(node.text("collection", null), node.text("field", null));
  }
}
