package io.github.solrcascade.feature;

import java.io.IOException;
import java.util.Optional;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.feature.FieldValueFeature;
import org.apache.solr.schema.IndexSchema;
import org.apache.solr.schema.NumberType;
import org.apache.solr.schema.PointField;
import org.apache.solr.schema.SchemaField;

/**
 * The doc values of a single-valued number or date: what LTR's {@code FieldValueFeature} reads from
 * the stored document if the field is stored, at many times the cost.
 */
record NumericColumn(String field, NumberType type) {

  /** The column that holds the feature's values, if there is one. */
  static Optional<NumericColumn> of(Feature feature, IndexSchema schema) {
    if (!(feature instanceof FieldValueFeature value)) {
      return Optional.empty();
    }
    SchemaField field = schema.getFieldOrNull(value.getField());
    boolean held =
        field != null
            && field.hasDocValues()
            && !field.multiValued()
            && field.getType() instanceof PointField;
    return held
        ? Optional.of(new NumericColumn(field.getName(), field.getType().getNumberType()))
        : Optional.empty();
  }

  /** A reader of one segment's documents, in ascending order. */
  LeafValues reader(LeafReaderContext leaf) throws IOException {
    NumericDocValues values = leaf.reader().getNumericDocValues(field);
    return doc ->
        values != null && values.advanceExact(doc) ? number(values.longValue()) : Float.NaN;
  }

  private float number(long stored) {
    return switch (type) {
      case FLOAT -> Float.intBitsToFloat((int) stored);
      case DOUBLE -> (float) Double.longBitsToDouble(stored);
      case INTEGER, LONG, DATE -> stored;
    };
  }
}
