package io.github.solrcascade.tokenvector;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.schema.BinaryField;
import org.apache.solr.schema.IndexSchema;
import org.apache.solr.schema.SchemaField;
import org.apache.solr.search.QParser;

/**
 * Holds a document's token vectors in doc values, a byte for each number and one more.
 *
 * <pre>{@code
 * <fieldType name="tokens" class="io.github.solrcascade.tokenvector.TokenVectorField" dimensions="96"/>
 * <field name="tokens" type="tokens"/>
 * }</pre>
 *
 * <p>{@code dimensions} is that of the encoder. The update processor fills the field; whoever has
 * the bytes already, from a response for instance, sends them in Base64. Unlike other binary fields
 * it is not stored unless that is asked for: the doc values serve atomic updates and responses too.
 */
public final class TokenVectorField extends BinaryField {
  private static final String DIMENSIONS = "dimensions";

  private int dimensions;

  /** How many numbers a vector has. */
  public int dimensions() {
    return dimensions;
  }

  @Override
  protected void init(IndexSchema schema, Map<String, String> args) {
    super.init(schema, args);
    String given = args.remove(DIMENSIONS);
    if (given == null || !given.matches("[1-9]\\d{0,3}")) { // at most MOST_DIMENSIONS
      throw new SolrException(
          ErrorCode.SERVER_ERROR,
          String.format(
              Locale.ROOT,
              "fieldType '%s': %s: %s, must be a whole number from 1 to 9999",
              typeName,
              DIMENSIONS,
              given == null ? "missing" : given));
    }
    dimensions = Integer.parseInt(given);
    properties |= DOC_VALUES & ~falseProperties;
    properties &= ~((INDEXED | STORED) & ~trueProperties);
  }

  @Override
  protected void checkSupportsDocValues() {
    // It does.
  }

  @Override
  public void checkSchemaField(SchemaField field) {
    super.checkSchemaField(field);
    if (!field.hasDocValues() || field.multiValued()) {
      throw new SolrException(
          ErrorCode.SERVER_ERROR,
          "field '" + field.getName() + "': must have docValues and not be multiValued");
    }
  }

  /**
   * The field's parts.
   *
   * @throws SolrException 400 if the bytes are not vectors of these dimensions
   */
  @Override
  public List<IndexableField> createFields(SchemaField field, Object value) {
    List<IndexableField> fields = super.createFields(field, value);
    BytesRef bytes = fields.get(fields.size() - 1).binaryValue();
    TokenVectors.mistake(bytes, dimensions)
        .ifPresent(
            rule -> {
              throw new SolrException(
                  ErrorCode.BAD_REQUEST, field.getName() + ": " + bytes.length + " bytes, " + rule);
            });
    return fields;
  }

  @Override
  public Query getFieldQuery(QParser parser, SchemaField field, String externalVal) {
    throw new SolrException(
        ErrorCode.BAD_REQUEST,
        field.getName() + ": holds token vectors, must be searched with {!late_interaction}");
  }
}
