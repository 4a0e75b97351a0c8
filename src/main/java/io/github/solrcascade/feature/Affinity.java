package io.github.solrcascade.feature;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.VectorUtil;

/**
 * What a visitor's clicks have in common with a document, in one field.
 *
 * <p>Filled by one thread, then read by one.
 */
interface Affinity {
  /** Adds a clicked document; the id is the segment's. */
  void add(LeafReaderContext leaf, int doc, double weight) throws IOException;

  /**
   * Adds a clicked document that need not be in the index.
   *
   * @param value what it has in the field
   * @throws IllegalArgumentException with the rule, if no document could have that
   */
  void add(JsonNode value, double weight);

  /** The values of a segment; null if none of its documents has the field. */
  Reader reader(LeafReaderContext leaf) throws IOException;

  /** The documents that have a value, and the value of the one on which they stand. */
  record Reader(DocIdSetIterator documents, CheckedFeature.ValueOfDocument value) {}

  /** The share of the clicks, by weight, that have a word of the document's, from 0 to 1. */
  final class OfWords implements Affinity {
    private final String field;
    private final Map<String, Double> weights = new HashMap<>();
    private double all;

    OfWords(String field) {
      this.field = field;
    }

    @Override
    public void add(LeafReaderContext leaf, int doc, double weight) throws IOException {
      all += weight;
      SortedSetDocValues words = DocValues.getSortedSet(leaf.reader(), field);
      if (words.advanceExact(doc)) {
        for (int i = 0; i < words.docValueCount(); i++) {
          String word = words.lookupOrd(words.nextOrd()).utf8ToString();
          weights.merge(word, weight, Double::sum);
        }
      }
    }

    @Override
    public void add(JsonNode value, double weight) {
      List<JsonNode> words = new ArrayList<>();
      if (value.isArray()) {
        value.forEach(words::add);
      } else {
        words.add(value);
      }
      if (!words.stream().allMatch(JsonNode::isTextual)) {
        throw new IllegalArgumentException(
            "values." + field + " must be a text or a list of texts");
      }
      all += weight;
      words.stream()
          .map(JsonNode::textValue)
          .distinct()
          .forEach(word -> weights.merge(word, weight, Double::sum));
    }

    @Override
    public Reader reader(LeafReaderContext leaf) throws IOException {
      SortedSetDocValues words = DocValues.getSortedSet(leaf.reader(), field);
      return new Reader(words, doc -> best(words));
    }

    private float best(SortedSetDocValues words) throws IOException {
      double best = 0;
      for (int i = 0; i < words.docValueCount(); i++) {
        String word = words.lookupOrd(words.nextOrd()).utf8ToString();
        best = Math.max(best, weights.getOrDefault(word, 0.0));
      }
      return all == 0 ? 0 : (float) (best / all);
    }
  }

  /** The cosine of the document's vector and the clicks' mean direction, by weight. */
  final class OfVectors implements Affinity {
    private final String field;
    private final int dimensions;
    private float[] sum;

    OfVectors(String field, int dimensions) {
      this.field = field;
      this.dimensions = dimensions;
    }

    @Override
    public void add(LeafReaderContext leaf, int doc, double weight) throws IOException {
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(field);
      if (vectors == null || vectors.advance(doc) != doc) {
        return;
      }
      add(vectors.vectorValue(), weight);
    }

    @Override
    public void add(JsonNode value, double weight) {
      float[] vector = new float[value.size()];
      boolean isNumbers = value.isArray() && vector.length == dimensions;
      for (int i = 0; i < vector.length && isNumbers; i++) {
        isNumbers = value.get(i).isNumber();
        vector[i] = value.get(i).floatValue();
      }
      if (!isNumbers) {
        throw new IllegalArgumentException(
            "values." + field + " must be a list of " + dimensions + " numbers");
      }
      add(vector, weight);
    }

    private void add(float[] vector, double weight) {
      double length = Math.sqrt(VectorUtil.dotProduct(vector, vector));
      if (sum == null) {
        sum = new float[vector.length];
      }
      for (int i = 0; i < vector.length && length > 0; i++) {
        sum[i] += (float) (weight * vector[i] / length);
      }
    }

    @Override
    public Reader reader(LeafReaderContext leaf) throws IOException {
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(field);
      boolean isKnown = sum != null && VectorUtil.dotProduct(sum, sum) > 0;
      return vectors == null || !isKnown
          ? null
          : new Reader(vectors, doc -> VectorUtil.cosine(sum, vectors.vectorValue()));
    }
  }
}
