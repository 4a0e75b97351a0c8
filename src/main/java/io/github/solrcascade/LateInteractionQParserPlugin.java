package io.github.solrcascade;

import io.github.solrcascade.encoder.LateInteractionEncoder;
import io.github.solrcascade.feature.CoreEncoders;
import io.github.solrcascade.feature.QueryVectors;
import io.github.solrcascade.tokenvector.MaxSimValues;
import io.github.solrcascade.tokenvector.TokenVectorField;
import org.apache.lucene.queries.function.FunctionScoreQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.apache.solr.common.params.SolrParams;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.QParser;
import org.apache.solr.search.QParserPlugin;

/**
 * {@code q={!late_interaction encoder=late f=tokens}red running shoes}: every document that has
 * token vectors, by MaxSim. Exact, and it compares the query with each of them: a first pass for
 * small collections, or for what filters leave of a large one.
 *
 * <pre>{@code
 * <queryParser name="late_interaction" class="io.github.solrcascade.LateInteractionQParserPlugin"/>
 * }</pre>
 */
public final class LateInteractionQParserPlugin extends QParserPlugin {

  @Override
  public QParser createParser(
      String text, SolrParams localParams, SolrParams params, SolrQueryRequest request) {
    return new QParser(text, localParams, params, request) {
      @Override
      public Query parse() {
        String name = local("encoder");
        String field = local("f");
        LateInteractionEncoder encoder = encoder(req, name);
        check(field, encoder);
        String words = qstr == null ? "" : qstr;
        MaxSimValues values =
            new MaxSimValues(field, QueryVectors.encode(req, name, encoder, words));
        return new FunctionScoreQuery(new FieldExistsQuery(field), values);
      }

      private String local(String key) {
        String value = localParams == null ? null : localParams.get(key);
        if (value == null) {
          throw new BadRequest(key, "missing", "must be given");
        }
        return value;
      }

      private void check(String field, LateInteractionEncoder encoder) {
        SchemaField schemaField = req.getSchema().getFieldOrNull(field);
        if (schemaField == null
            || !(schemaField.getType() instanceof TokenVectorField type)
            || type.dimensions() != encoder.dimensions()) {
          throw new BadRequest(
              "f", field, "must be a TokenVectorField of " + encoder.dimensions() + " dimensions");
        }
      }
    };
  }

  private static LateInteractionEncoder encoder(SolrQueryRequest request, String name) {
    try {
      return CoreEncoders.lateInteraction(request.getCore(), name);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("encoder", name, e.getMessage());
    }
  }
}
