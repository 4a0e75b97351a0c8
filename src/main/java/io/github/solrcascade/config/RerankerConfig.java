package io.github.solrcascade.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One {@code <lst name="reranker">}: a reranker behind HTTP.
 *
 * @param name the name under which features use it
 * @param url where requests go; https, unless the host is this machine
 * @param mapping how its API says things
 * @param model what the API calls the model; empty where it has but one
 * @param key where its key is
 * @param timeoutMs how long all requests for one stage may take together, at least 1
 * @param maxConcurrent how many requests the node makes of it at a time, at least 1
 * @param maxDocuments how many documents one request may hold, at least 1
 * @param maxCharacters where a document's text is cut, at least 1
 * @param retries how often a request that failed for now is made again, at least 0
 */
public record RerankerConfig(
    String name,
    URI url,
    RerankMapping mapping,
    String model,
    ApiKey key,
    int timeoutMs,
    int maxConcurrent,
    int maxDocuments,
    int maxCharacters,
    int retries) {

  /** Where a key is: never in solrconfig.xml itself. */
  public sealed interface ApiKey {
    /** The API wants none. */
    record None() implements ApiKey {}

    /** In an environment variable of Solr's process. */
    record Environment(String variable) implements ApiKey {}

    /** In a file that holds nothing else. */
    record File(String path) implements ApiKey {}
  }

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  static RerankerConfig parse(ConfigNode node) {
    node.only(
        "name",
        "enable",
        "url",
        "api",
        "mapping",
        "model",
        "keyEnv",
        "keyFile",
        "timeoutMs",
        "maxConcurrent",
        "maxDocuments",
        "maxCharacters",
        "retries");
    return new RerankerConfig(
        node.text("name", null),
        url(node),
        mapping(node),
        node.has("model") ? node.text("model", null) : "",
        key(node),
        node.number("timeoutMs", 1, 2000),
        node.number("maxConcurrent", 1, 8),
        node.number("maxDocuments", 1, 1000),
        node.number("maxCharacters", 1, 4000),
        node.number("retries", 0, 1));
  }

  private static URI url(ConfigNode node) {
    String text = node.text("url", null);
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(node.at("url"), text, "must be a URL");
    }
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean local = url.getHost() != null && LOOPBACK.contains(url.getHost());
    if (url.getHost() == null || !(scheme.equals("https") || (scheme.equals("http") && local))) {
      throw new ConfigException(
          node.at("url"),
          text,
          "must be https://HOST/…, or http on one of " + new TreeSet<>(LOOPBACK));
    }
    if (url.getUserInfo() != null) {
      throw new ConfigException(node.at("url"), "has a user", "keys belong in keyEnv or keyFile");
    }
    return url;
  }

  private static RerankMapping mapping(ConfigNode node) {
    Optional<String> api =
        node.optionalChoice("api", List.copyOf(new TreeSet<>(RerankMapping.KNOWN.keySet())));
    List<ConfigNode> own = node.lists("mapping");
    if (api.isPresent() == (own.size() == 1) || own.size() > 1) {
      throw new ConfigException(
          node.at("api"), api.orElse("missing"), "either api or one mapping must be given");
    }
    return api.isPresent() ? RerankMapping.KNOWN.get(api.get()) : RerankMapping.parse(own.get(0));
  }

  private static ApiKey key(ConfigNode node) {
    if (node.has("keyEnv") && node.has("keyFile")) {
      throw new ConfigException(node.at("keyFile"), "given", "must not be beside keyEnv");
    }
    if (node.has("keyEnv")) {
      return new ApiKey.Environment(node.text("keyEnv", null));
    }
    return node.has("keyFile") ? new ApiKey.File(node.text("keyFile", null)) : new ApiKey.None();
  }
}
