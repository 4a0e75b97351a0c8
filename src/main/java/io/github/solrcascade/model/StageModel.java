package io.github.solrcascade.model;

import io.github.solrcascade.candidates.FeatureMatrix;
import io.github.solrcascade.feature.FeatureSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.Explanation;
import org.apache.solr.core.SolrCore;
import org.apache.solr.ltr.model.LTRScoringModel;
import org.apache.solr.ltr.model.MultipleAdditiveTreesModel;

/**
 * A model of the LTR model store, reading its features from the columns of a feature matrix.
 *
 * <p>Immutable and thread-safe; equal if the model's content is equal, not merely its name.
 */
public final class StageModel {
  private final LTRScoringModel model;
  private final FeatureSet features;
  private final int[] columns;

  /** The same model, faster; null where LTR's own does the scoring. */
  private final TreeEnsemble trees;

  /** Made when first asked for: a model may be large. */
  private volatile String fingerprint;

  /** Adds the model's features to the set. */
  public StageModel(LTRScoringModel model, FeatureSet features) {
    this.model = model;
    this.features = features;
    this.columns = features.add(model.getFeatures());
    this.trees =
        model.getClass() == MultipleAdditiveTreesModel.class
            ? TreeEnsemble.of((MultipleAdditiveTreesModel) model)
            : null;
  }

  /** What the model is, in a few letters: the same on two nodes if they have the same. */
  public String fingerprint(SolrCore core) {
    if (fingerprint == null) {
      fingerprint = Fingerprint.of(model, features.origins(core, columns));
    }
    return fingerprint;
  }

  /** The model's name in the store. */
  public String name() {
    return model.getName();
  }

  /** The columns that the model reads, in its own order. */
  public int[] columns() {
    return columns.clone();
  }

  /**
   * The scores of these candidates, whose features are known.
   *
   * @throws ArithmeticException if the model gives what cannot be sorted
   */
  public float[] score(FeatureMatrix matrix, int[] candidates) {
    float[] scores = trees == null ? oneByOne(matrix, candidates) : byTrees(matrix, candidates);
    for (float score : scores) {
      if (!Float.isFinite(score)) {
        throw new ArithmeticException("model '" + name() + "' gave the score " + score);
      }
    }
    return scores;
  }

  private float[] oneByOne(FeatureMatrix matrix, int[] candidates) {
    float[] scores = new float[candidates.length];
    float[] vector = new float[columns.length];
    for (int i = 0; i < candidates.length; i++) {
      fillNormalized(vector, matrix, candidates[i]);
      scores[i] = model.score(vector);
    }
    return scores;
  }

  private float[] byTrees(FeatureMatrix matrix, int[] candidates) {
    float[][] values = new float[columns.length][candidates.length];
    float[] vector = new float[columns.length];
    for (int i = 0; i < candidates.length; i++) {
      fillNormalized(vector, matrix, candidates[i]);
      for (int f = 0; f < columns.length; f++) {
        values[f][i] = vector[f];
      }
    }
    return trees.score(values, candidates.length);
  }

  private void fillNormalized(float[] vector, FeatureMatrix matrix, int candidate) {
    for (int f = 0; f < columns.length; f++) {
      vector[f] = matrix.get(columns[f], candidate);
    }
    model.normalizeFeaturesInPlace(vector);
  }

  /** How the candidate came by this score, the value of the explanation. */
  public Explanation explain(FeatureMatrix matrix, int candidate, float score) {
    List<Explanation> values = new ArrayList<>();
    for (int f = 0; f < columns.length; f++) {
      values.add(model.getNormalizerExplanation(explain(columns[f], matrix, candidate), f));
    }
    // No model of LTR's looks at the segment or the document.
    return model.explain(null, -1, score, values);
  }

  private Explanation explain(int column, FeatureMatrix matrix, int candidate) {
    String origin = matrix.isDefault(column, candidate) ? "default value, document has none: " : "";
    return Explanation.match(matrix.get(column, candidate), origin + features.describe(column));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StageModel that && model.equals(that.model);
  }

  @Override
  public int hashCode() {
    return model.hashCode();
  }
}
