package io.github.solrcascade.feature;

import io.github.solrcascade.budget.Deadline;
import org.apache.solr.request.SolrQueryRequest;

/**
 * Carries a request's deadline to the features, whose makers LTR's interface tells nothing of it.
 */
public final class RequestDeadline {
  private static final String KEY = RequestDeadline.class.getName();

  private RequestDeadline() {}

  /** Sets it for all that follows in the request. */
  public static void put(SolrQueryRequest request, Deadline deadline) {
    request.getContext().put(KEY, deadline);
  }

  /** The deadline, which batch features keep to; none where none was set. */
  public static Deadline of(SolrQueryRequest request) {
    return (Deadline) request.getContext().getOrDefault(KEY, Deadline.NONE);
  }
}
