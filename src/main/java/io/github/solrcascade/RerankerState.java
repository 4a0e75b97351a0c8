package io.github.solrcascade;

import io.github.solrcascade.remote.RerankerStatistics;
import java.util.Map;

/** What metrics say of a reranker behind HTTP. */
final class RerankerState {
  private RerankerState() {}

  static Map<String, Object> of(RerankerStatistics statistics) {
    return Map.of(
        "switchedOff", statistics.switchedOff(),
        "requests", statistics.requests(),
        "retries", statistics.retries(),
        "failures", statistics.failures(),
        "documents", statistics.documents(),
        "cacheHits", statistics.cacheHits(),
        "requestMs", Map.of("p50", statistics.requestMsP50(), "p99", statistics.requestMsP99()));
  }
}
