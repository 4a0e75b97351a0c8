package io.github.solrcascade.feature;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.candidates.Candidates;
import io.github.solrcascade.candidates.FeatureMatrix;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorer;
import org.apache.solr.common.SolrException;
import org.apache.solr.common.SolrException.ErrorCode;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.ltr.feature.FeatureException;
import org.apache.solr.ltr.feature.OriginalScoreFeature;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * Computes the features of a request's candidates, each value once.
 *
 * <p>Documents are visited in index order, a feature at a time, so that each feature's postings or
 * doc values are walked once. Batch features come last: they are the dear ones, and nothing is
 * spent on them if a cheap one fails.
 *
 * <p>Not thread-safe: one request owns it.
 */
public final class FeatureExtractor {
  private final FeatureSet features;
  private final Candidates candidates;
  private final FeatureMatrix matrix;
  private final SolrIndexSearcher searcher;
  private final SolrQueryRequest request;
  private final Query mainQuery;
  private final Map<String, String[]> efi;
  private final Feature.FeatureWeight[] weights;
  private Findings findings = new Findings();

  /**
   * An extractor that has computed nothing yet.
   *
   * @param mainQuery the first pass's query
   * @param efi external feature information; {@code text} is the query text
   */
  public FeatureExtractor(
      FeatureSet features,
      Candidates candidates,
      SolrIndexSearcher searcher,
      SolrQueryRequest request,
      Query mainQuery,
      Map<String, String[]> efi) {
    this.features = features;
    this.candidates = candidates;
    this.matrix = new FeatureMatrix(candidates.size(), features.size());
    this.searcher = searcher;
    this.request = request;
    this.mainQuery = mainQuery;
    this.efi = efi;
    this.weights = new Feature.FeatureWeight[features.size()];
  }

  /** The values computed so far. */
  public FeatureMatrix matrix() {
    return matrix;
  }

  /** What there is to say of the values computed last. */
  public Findings findings() {
    return findings;
  }

  /**
   * Takes a value that was computed elsewhere, unless it is known.
   *
   * @param value NaN if the document has none
   */
  public void give(int column, int candidate, float value) {
    if (!matrix.isKnown(column, candidate)) {
      put(column, candidate, value);
    }
  }

  /**
   * Computes these columns for these candidates, where they are not yet known.
   *
   * @param wanted best first
   * @return of how many, the best, all columns are known now; fewer than wanted if the deadline
   *     passed during a batch feature
   * @throws OutOfTime if the deadline passed before
   */
  public int extract(int[] columns, int[] wanted, Deadline deadline) throws IOException {
    findings = new Findings();
    int[] inIndexOrder = sortedByDoc(wanted);
    for (int column : columns) {
      int[] unknown = unknown(column, inIndexOrder);
      // A weight may be dear to make: it may have to encode the query.
      if (unknown.length > 0 && !isBatch(column)) {
        deadline.check();
        extract(column, unknown);
      }
    }
    int known = wanted.length;
    for (int column : columns) {
      int[] unknown = unknown(column, Arrays.copyOf(wanted, known));
      if (unknown.length > 0 && isBatch(column)) {
        known = Math.min(known, extractBatch(column, unknown, wanted));
      }
    }
    if (known == 0 && wanted.length > 0) {
      throw new OutOfTime(deadline);
    }
    return known;
  }

  private void extract(int column, int[] wanted) throws IOException {
    if (features.get(column) instanceof OriginalScoreFeature) {
      // The first pass has it; LTR's own would run the whole query again, ANN search included.
      for (int candidate : wanted) {
        put(column, candidate, candidates.firstPassScore(candidate));
      }
      return;
    }
    List<LeafReaderContext> leaves = searcher.getTopReaderContext().leaves();
    int next = 0;
    while (next < wanted.length) {
      LeafReaderContext leaf =
          leaves.get(ReaderUtil.subIndex(candidates.doc(wanted[next]), leaves));
      next = extractLeaf(column, wanted, next, leaf);
    }
  }

  private int extractLeaf(int column, int[] wanted, int from, LeafReaderContext leaf)
      throws IOException {
    int end = leaf.docBase + leaf.reader().maxDoc();
    LeafValues values = reader(column, leaf);
    int next = from;
    for (; next < wanted.length && candidates.doc(wanted[next]) < end; next++) {
      put(column, wanted[next], values.value(candidates.doc(wanted[next]) - leaf.docBase));
    }
    return next;
  }

  private LeafValues reader(int column, LeafReaderContext leaf) throws IOException {
    Optional<NumericColumn> held = NumericColumn.of(features.get(column), searcher.getSchema());
    if (held.isPresent()) {
      return held.get().reader(leaf);
    }
    Scorer scorer = weight(column).scorer(leaf);
    if (scorer == null) {
      return doc -> Float.NaN;
    }
    DocIdSetIterator documents = scorer.iterator();
    return doc -> {
      int at = documents.docID() < doc ? documents.advance(doc) : documents.docID();
      return at == doc ? scorer.score() : Float.NaN;
    };
  }

  /** Returns the place, among those wanted, of the first for which there was no time. */
  private int extractBatch(int column, int[] unknown, int[] wanted) throws IOException {
    int[] docs = Arrays.stream(unknown).map(candidates::doc).toArray();
    float[] values = ((BatchWeight) weight(column)).values(docs, findings);
    for (int i = 0; i < values.length; i++) {
      put(column, unknown[i], values[i]);
    }
    int place = 0;
    while (place < wanted.length && matrix.isKnown(column, wanted[place])) {
      place++;
    }
    return place;
  }

  /** A value that no model can reckon with counts as missing. */
  private void put(int column, int candidate, float value) {
    if (Float.isFinite(value)) {
      matrix.set(column, candidate, value);
    } else {
      matrix.setDefault(column, candidate, features.get(column).getDefaultValue());
    }
  }

  private boolean isBatch(int column) throws IOException {
    return !(features.get(column) instanceof OriginalScoreFeature)
        && weight(column) instanceof BatchWeight;
  }

  private Feature.FeatureWeight weight(int column) throws IOException {
    if (weights[column] == null) {
      weights[column] = createWeight(features.get(column));
    }
    return weights[column];
  }

  private Feature.FeatureWeight createWeight(Feature feature) throws IOException {
    try {
      return feature.createWeight(searcher, true, request, mainQuery, efi);
    } catch (FeatureException e) {
      // What LTR's features throw when the request lacks an efi parameter that they require.
      throw new SolrException(
          ErrorCode.BAD_REQUEST, "efi: feature '" + feature.getName() + "': " + e.getMessage(), e);
    }
  }

  private int[] sortedByDoc(int[] wanted) {
    return Arrays.stream(wanted)
        .boxed()
        .sorted(Comparator.comparingInt(candidates::doc))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int[] unknown(int column, int[] wanted) {
    return Arrays.stream(wanted).filter(candidate -> !matrix.isKnown(column, candidate)).toArray();
  }
}
