package io.github.solrcascade.feature;

/**
 * How many pairs of query and document were scored.
 *
 * @param computed by a model, for this request
 * @param cached that were known, or that a model was just computing for another request
 */
public record Pairs(int computed, int cached) {
  /** None at all. */
  public static final Pairs NONE = new Pairs(0, 0);

  Pairs plus(Pairs others) {
    return new Pairs(computed + others.computed, cached + others.cached);
  }
}
