package io.github.solrcascade.response;

import io.github.solrcascade.stage.CascadeRun;
import java.util.Optional;
import org.apache.solr.request.SolrQueryRequest;

/** Carries a request's cascade run from where it happened to what tells of it. */
public final class RequestRun {
  private static final String RUN = RequestRun.class.getName();
  private static final String WANTED = RUN + ".wanted";

  private RequestRun() {}

  /** Keeps the run until the request ends. */
  public static void put(SolrQueryRequest request, CascadeRun run) {
    request.getContext().put(RUN, run);
  }

  /** The run; empty if none took place, as when the page came from the queryResultCache. */
  public static Optional<CascadeRun> get(SolrQueryRequest request) {
    return Optional.ofNullable((CascadeRun) request.getContext().get(RUN));
  }

  /** Says that this request must run its cascade, since it asks to see inside. */
  static void demand(SolrQueryRequest request) {
    request.getContext().put(WANTED, true);
  }

  /** Whether a cached page will not do. */
  public static boolean isDemanded(SolrQueryRequest request) {
    return request.getContext().containsKey(WANTED);
  }
}
