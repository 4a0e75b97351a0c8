package io.github.solrcascade.candidates;

import java.util.BitSet;

/**
 * Feature values of the candidates, a column a feature. A value is written once and read by every
 * stage whose model wants it.
 *
 * <p>Not thread-safe: one request owns it.
 */
public final class FeatureMatrix {
  private final float[][] values;
  private final BitSet[] known;
  private final BitSet[] defaulted;

  /** An empty matrix for that many candidates and features. */
  public FeatureMatrix(int candidates, int features) {
    values = new float[features][candidates];
    known = bitSets(features, candidates);
    defaulted = bitSets(features, candidates);
  }

  /** Whether the value was computed (or found to be missing and set to its default). */
  public boolean isKnown(int feature, int candidate) {
    return known[feature].get(candidate);
  }

  /** Whether the document has no value of its own, so that the feature's default stands for it. */
  public boolean isDefault(int feature, int candidate) {
    return defaulted[feature].get(candidate);
  }

  /** The value; 0 while it is not known. */
  public float get(int feature, int candidate) {
    return values[feature][candidate];
  }

  /** Writes a value that the document has. */
  public void set(int feature, int candidate, float value) {
    values[feature][candidate] = value;
    known[feature].set(candidate);
  }

  /** Writes the declared default for a document without a value. */
  public void setDefault(int feature, int candidate, float value) {
    set(feature, candidate, value);
    defaulted[feature].set(candidate);
  }

  private static BitSet[] bitSets(int count, int bits) {
    BitSet[] sets = new BitSet[count];
    for (int i = 0; i < count; i++) {
      sets[i] = new BitSet(bits);
    }
    return sets;
  }
}
