package io.github.solrcascade.feature;

import io.github.solrcascade.budget.Deadline;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.solr.common.params.CommonParams;
import org.apache.solr.request.SolrQueryRequest;
import org.apache.solr.search.QueryLimits;

/**
 * Carries a request's deadline to the features, whose makers LTR's interface tells nothing of it.
 */
public final class RequestDeadline {
  private static final String KEY = RequestDeadline.class.getName();

  private RequestDeadline() {}

  /** The budget, and what limits Solr has set to the request. */
  public static Deadline limited(Deadline budget, SolrQueryRequest request) {
    QueryLimits limits = QueryLimits.getCurrentLimits();
    if (!limits.isLimitsEnabled()) {
      return budget;
    }
    OptionalLong left = allowedMillisLeft(request);
    return left.isPresent()
        ? budget.and(limits::shouldExit, TimeUnit.MILLISECONDS.toNanos(left.getAsLong()))
        : budget.and(limits::shouldExit);
  }

  /**
   * What is left of {@code timeAllowed}, which Solr counts from the request's start, if it is
   * given.
   */
  public static OptionalLong allowedMillisLeft(SolrQueryRequest request) {
    long allowed = request.getParams().getLong(CommonParams.TIME_ALLOWED, -1);
    long spent = (long) request.getRequestTimer().getTime();
    return allowed < 0 ? OptionalLong.empty() : OptionalLong.of(allowed - spent);
  }

  /** Sets it for all that follows in the request. */
  public static void put(SolrQueryRequest request, Deadline deadline) {
    request.getContext().put(KEY, deadline);
  }

  /** The deadline, which batch features keep to; none where none was set. */
  public static Deadline of(SolrQueryRequest request) {
    return (Deadline) request.getContext().getOrDefault(KEY, Deadline.NONE);
  }
}
