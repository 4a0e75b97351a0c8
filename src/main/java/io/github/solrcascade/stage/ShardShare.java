package io.github.solrcascade.stage;

/**
 * A shard's part in a stage.
 *
 * @param shard its name
 * @param docs how many documents it scored
 * @param featureNanos time spent there on features
 * @param modelNanos time spent there on scoring
 * @param outcome how it ended there
 */
public record ShardShare(
    String shard, int docs, long featureNanos, long modelNanos, String outcome) {}
