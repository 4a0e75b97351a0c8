package io.github.solrcascade;

import java.util.Optional;
import java.util.Set;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.QParser;
import org.apache.solr.search.QParserPlugin;
import org.apache.solr.search.QueryParsing;
import org.apache.solr.search.SyntaxError;

/** The words that a visitor typed, as far as {@code q} tells. */
final class MainQueryText {
  /** Parsers whose text is a vector, nothing that a model could read. */
  private static final Set<String> VECTORS = Set.of("knn", "vectorSimilarity");

  /** Parsers of what visitors type, even if they typed nothing. Others may have no text at all. */
  private static final Set<String> WORDS =
      Set.of("lucene", "dismax", "edismax", "simple", "complexphrase", "field");

  private MainQueryText() {}

  /** The text of {@code q} behind its local parameters; empty if it has none of its own. */
  static Optional<String> of(SolrQueryRequest request) throws SyntaxError {
    SolrParams params = request.getParams();
    String q = params.get(CommonParams.Q, "");
    String parserName = params.get(QueryParsing.DEFTYPE, QParserPlugin.DEFAULT_QTYPE);
    QParser parser = q.startsWith("{!") ? QParser.getParser(q, parserName, request) : null;
    SolrParams local = parser == null ? null : parser.getLocalParams();
    if (local == null) {
      return VECTORS.contains(parserName) ? Optional.empty() : Optional.of(q);
    }
    String type = local.get(QueryParsing.TYPE, parserName);
    return VECTORS.contains(type)
        ? Optional.empty()
        : Optional.ofNullable(parser.getString())
            .filter(text -> !text.isEmpty() || mayBeEmpty(request, type));
  }

  private static boolean mayBeEmpty(SolrQueryRequest request, String type) {
    return WORDS.contains(type)
        || request.getCore().getQueryPlugin(type) instanceof KnnTextQParserPlugin
        || request.getCore().getQueryPlugin(type) instanceof LateInteractionQParserPlugin;
  }
}
