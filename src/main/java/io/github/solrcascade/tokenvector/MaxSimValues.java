package io.github.solrcascade.tokenvector;

import java.io.IOException;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DoubleValues;
import org.apache.lucene.search.DoubleValuesSource;
import org.apache.lucene.search.IndexSearcher;

/**
 * A query's mean MaxSim with each document that has token vectors, as a score: between 0 and 1,
 * since Lucene wants none below 0, in the way that Lucene scores cosines.
 */
public final class MaxSimValues extends DoubleValuesSource {
  private final String field;
  private final MaxSim query;

  /** Over a {@link TokenVectorField}. */
  public MaxSimValues(String field, MaxSim query) {
    this.field = field;
    this.query = query;
  }

  @Override
  public DoubleValues getValues(LeafReaderContext leaf, DoubleValues scores) throws IOException {
    BinaryDocValues stored = leaf.reader().getBinaryDocValues(field);
    if (stored == null) {
      return DoubleValues.EMPTY;
    }
    return new DoubleValues() {
      @Override
      public double doubleValue() throws IOException {
        return (1 + query.mean(stored.binaryValue())) / 2;
      }

      @Override
      public boolean advanceExact(int doc) throws IOException {
        return stored.advanceExact(doc);
      }
    };
  }

  @Override
  public boolean needsScores() {
    return false;
  }

  @Override
  public DoubleValuesSource rewrite(IndexSearcher searcher) {
    return this;
  }

  @Override
  public boolean isCacheable(LeafReaderContext leaf) {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaxSimValues that
        && field.equals(that.field)
        && query.equals(that.query);
  }

  @Override
  public int hashCode() {
    return 31 * field.hashCode() + query.hashCode();
  }

  @Override
  public String toString() {
    return "(1 + maxSim(" + field + ")) / 2";
  }
}
