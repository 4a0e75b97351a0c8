package io.github.solrcascade.encoder;

/**
 * What the node's cache of scores and query vectors did since the start, and holds now.
 *
 * @param hits results that were there or under way
 * @param misses results that were computed
 * @param evictions results that had to go for want of room
 * @param entries how many there are
 * @param bytes their heap, estimated
 */
public record CacheStatistics(long hits, long misses, long evictions, long entries, long bytes) {}
