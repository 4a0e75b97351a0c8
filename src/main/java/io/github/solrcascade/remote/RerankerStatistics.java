package io.github.solrcascade.remote;

/**
 * How a reranker fares, of late or since the core was loaded.
 *
 * @param switchedOff whether it failed again and again; it is tried again from time to time
 * @param requests how many it was sent, retries among them
 * @param retries how many of them were made since the one before had failed for now
 * @param failures how often a stage got no scores of it, for any reason but the cascade's budget
 * @param documents how many documents the requests held
 * @param cacheHits how many more the node's cache knew, in searches that got their scores
 * @param requestMsP50 what a request takes at the median, in milliseconds, whatever its status; 0
 *     before the first
 * @param requestMsP99 the same at the 99th percentile
 */
public record RerankerStatistics(
    boolean switchedOff,
    long requests,
    long retries,
    long failures,
    long documents,
    long cacheHits,
    double requestMsP50,
    double requestMsP99) {}
