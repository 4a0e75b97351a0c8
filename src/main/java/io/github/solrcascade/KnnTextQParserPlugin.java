package io.github.solrcascade;

import io.github.solrcascade.encoder.BiEncoder;
import io.github.solrcascade.feature.CoreEncoders;
import io.github.solrcascade.feature.QueryVectors;
import io.github.solrcascade.stage.Printable;
import java.util.Arrays;
import org.apache.lucene.search.Query;
import org.apache.solr.common.params.ModifiableSolrParams;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.QParser;
import org.apache.solr.search.QParserPlugin;
import org.apache.solr.search.QueryParsing;
import org.apache.solr.search.SyntaxError;
import org.apache.solr.search.neural.KnnQParserPlugin;

/**
 * {@code q={!knn_text encoder=minilm f=vector topK=200}red running shoes}: Solr's own {@code
 * {!knn}} with the text's vector, encoded as a query. All other local parameters are {@code
 * {!knn}}'s.
 *
 * <pre>{@code
 * <queryParser name="knn_text" class="io.github.solrcascade.KnnTextQParserPlugin"/>
 * }</pre>
 */
public final class KnnTextQParserPlugin extends QParserPlugin {

  @Override
  public QParser createParser(
      String text, SolrParams localParams, SolrParams params, SolrQueryRequest request) {
    return new QParser(text, localParams, params, request) {
      @Override
      public Query parse() throws SyntaxError {
        return knn(qstr == null ? "" : qstr, localParams, params, req);
      }
    };
  }

  private static Query knn(
      String text, SolrParams localParams, SolrParams params, SolrQueryRequest request)
      throws SyntaxError {
    String name = localParams == null ? null : localParams.get("encoder");
    float[] vector = QueryVectors.encode(request, name, encoder(request, name), text);
    String literal = Arrays.toString(vector);
    ModifiableSolrParams knnParams = new ModifiableSolrParams(localParams);
    knnParams.remove("encoder");
    knnParams.set(QueryParsing.TYPE, KnnQParserPlugin.NAME);
    knnParams.set(QueryParsing.V, literal);
    try {
      return new KnnQParserPlugin().createParser(literal, knnParams, params, request).getQuery();
    } catch (IllegalArgumentException e) {
      // Lucene's own checks, such as that of topK, which Solr leaves to become a 500.
      throw new BadRequest("{!knn_text}: " + Printable.of(e.getMessage()));
    }
  }

  private static BiEncoder encoder(SolrQueryRequest request, String name) {
    try {
      return CoreEncoders.biEncoder(request.getCore(), name);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("encoder", name == null ? "missing" : name, e.getMessage());
    }
  }
}
