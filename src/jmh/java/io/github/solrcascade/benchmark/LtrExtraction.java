package io.github.solrcascade.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DisiPriorityQueue;
import org.apache.lucene.search.DisiWrapper;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.solr.ltr.feature.Feature;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.SolrIndexSearcher;

/**
 * Extraction as LTR does it: documents in index order, a heap over all features' scorers of a
 * segment, moved on document by document, and each feature that is at the document scored.
 *
 * <p>LTR's own {@code LTRScoringQuery} does not link on Solr 9 in the version that there is, so its
 * steps are done here on LTR's own weights and scorers. Left out is what would only add to its
 * time: the objects that hold a value with its name, and the model.
 */
final class LtrExtraction {
  private LtrExtraction() {}

  /** The values, [document as found][feature by its index]. */
  static float[][] extract(
      List<Feature> features,
      SolrIndexSearcher searcher,
      SolrQueryRequest request,
      Query query,
      Map<String, String[]> efi,
      ScoreDoc[] found)
      throws IOException {
    List<Feature.FeatureWeight> weights = new ArrayList<>();
    for (Feature feature : features) {
      weights.add(feature.createWeight(searcher, true, request, query, efi));
    }
    Integer[] order = new Integer[found.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> found[i].doc));
    List<LeafReaderContext> leaves = searcher.getTopReaderContext().leaves();
    float[][] values = new float[found.length][features.size()];
    LeafReaderContext leaf = null;
    DisiPriorityQueue scorers = null;
    for (int place : order) {
      int doc = found[place].doc;
      LeafReaderContext its = leaves.get(ReaderUtil.subIndex(doc, leaves));
      if (its != leaf) {
        leaf = its;
        scorers = scorers(weights, leaf);
      }
      for (Feature.FeatureWeight weight : weights) {
        values[place][weight.getIndex()] = weight.getDefaultValue();
      }
      score(scorers, doc - leaf.docBase, values[place]);
    }
    return values;
  }

  private static DisiPriorityQueue scorers(
      List<Feature.FeatureWeight> weights, LeafReaderContext leaf) throws IOException {
    DisiPriorityQueue queue = new DisiPriorityQueue(weights.size());
    for (Feature.FeatureWeight weight : weights) {
      Feature.FeatureWeight.FeatureScorer scorer = weight.scorer(leaf);
      if (scorer != null) {
        queue.add(new DisiWrapper(scorer));
      }
    }
    return queue;
  }

  private static void score(DisiPriorityQueue scorers, int doc, float[] values) throws IOException {
    DisiWrapper top = scorers.top();
    while (top.doc < doc) {
      top.doc = top.iterator.advance(doc);
      top = scorers.updateTop();
    }
    if (top.doc > doc) {
      return;
    }
    for (DisiWrapper at = scorers.topList(); at != null; at = at.next) {
      float value = at.scorer.score();
      if (!Float.isNaN(value)) {
        values[((Feature.FeatureWeight) at.scorer.getWeight()).getIndex()] = value;
      }
    }
  }
}
