package io.github.solrcascade.feature;

import org.apache.solr.request.SolrQueryRequest;

/**
 * How many pairs of query and document a request had scored so far.
 *
 * @param computed by a model, for this request
 * @param cached that were known, or that a model was just computing for another request
 */
public record Pairs(int computed, int cached) {
  /** None at all. */
  public static final Pairs NONE = new Pairs(0, 0);

  private static final String KEY = Pairs.class.getName();

  /** Those of the request. */
  public static Pairs of(SolrQueryRequest request) {
    return (Pairs) request.getContext().getOrDefault(KEY, NONE);
  }

  /** Adds these to the request's. */
  void addTo(SolrQueryRequest request) {
    Pairs before = of(request);
    Pairs sum = new Pairs(before.computed + computed, before.cached + cached);
    request.getContext().put(KEY, sum);
  }

  /** Those that are not among the earlier ones. */
  public Pairs since(Pairs earlier) {
    return new Pairs(computed - earlier.computed, cached - earlier.cached);
  }
}
