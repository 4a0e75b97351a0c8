package io.github.solrcascade;

import io.github.solrcascade.stage.Printable;
import org.apache.solr.common.SolrException;

/** A client's mistake, answered with 400. */
final class BadRequest extends SolrException {

  /**
   * An error that names the parameter, its value and the rule.
   *
   * @param parameter the parameter at fault
   * @param value what it was
   * @param rule what would have been right
   */
  BadRequest(String parameter, Object value, String rule) {
    this(Printable.of(parameter) + ": " + Printable.of(value) + ", " + rule);
  }

  /** A message that already begins with the parameter. */
  BadRequest(String message) {
    super(ErrorCode.BAD_REQUEST, Printable.of(message, 5_000));
  }
}
