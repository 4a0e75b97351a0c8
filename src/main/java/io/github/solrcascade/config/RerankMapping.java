package io.github.solrcascade.config;

import java.util.Map;

/**
 * Where a rerank API has its parts.
 *
 * @param query the request's key of the query
 * @param documents the request's key of the list of documents
 * @param results the response's key of the list of results; empty where it is that list
 * @param index a result's key of its document's place in the request, counted from 0
 * @param score a result's key of its score
 * @param flags what else a request says
 */
public record RerankMapping(
    String query,
    String documents,
    String results,
    String index,
    String score,
    Map<String, Boolean> flags) {

  /** The APIs that are known by name. */
  static final Map<String, RerankMapping> KNOWN =
      Map.of(
          "cohere",
          new RerankMapping("query", "documents", "results", "index", "relevance_score", Map.of()),
          "jina",
          new RerankMapping(
              "query",
              "documents",
              "results",
              "index",
              "relevance_score",
              Map.of("return_documents", false)),
          "voyage",
          new RerankMapping(
              "query",
              "documents",
              "data",
              "index",
              "relevance_score",
              Map.of("return_documents", false, "truncation", true)),
          "tei",
          new RerankMapping("query", "texts", "", "index", "score", Map.of("truncate", true)));

  static RerankMapping parse(ConfigNode node) {
    node.only("query", "documents", "results", "index", "score");
    return new RerankMapping(
        node.text("query", "query"),
        node.text("documents", "documents"),
        node.has("results") ? node.text("results", null) : "",
        node.text("index", "index"),
        node.text("score", null),
        Map.of());
  }
}
