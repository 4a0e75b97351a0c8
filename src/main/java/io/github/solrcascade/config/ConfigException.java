package io.github.solrcascade.config;

import org.apache.solr.common.SolrException;

/** A configuration that cannot be used. The message gives the path, the value and the rule. */
public final class ConfigException extends SolrException {

  /**
   * An error at one place.
   *
   * @param path where the mistake is, for example {@code cascade[products].stage[2].reRankDocs}
   * @param value what was found there
   * @param rule what would have been right, for example {@code must be ≥ 1}
   */
  public ConfigException(String path, Object value, String rule) {
    this(path + ": " + value + ", " + rule, null);
  }

  /** An error whose message already begins with the path. */
  public ConfigException(String message, Throwable cause) {
    super(ErrorCode.SERVER_ERROR, message, cause);
  }
}
