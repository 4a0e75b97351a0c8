package io.github.solrcascade;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads Solr's explanations. */
final class Explanations {
  private Explanations() {}

  /** The value of an explanation, the number at the beginning of its text. */
  static double valueOf(JsonNode explanation) {
    return Double.parseDouble(explanation.asText().strip().split(" = ", 2)[0]);
  }
}
