package io.github.solrcascade.stage;

import java.util.List;

/**
 * A shard's part in a stage.
 *
 * @param shard its name
 * @param docs how many documents it scored
 * @param featureNanos time spent there on features
 * @param modelNanos time spent there on scoring
 * @param outcome how it ended there
 * @param notes what the response should say of it, such as that texts were cut
 */
public record ShardShare(
    String shard,
    int docs,
    long featureNanos,
    long modelNanos,
    String outcome,
    List<String> notes) {}
