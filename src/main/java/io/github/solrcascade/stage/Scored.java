package io.github.solrcascade.stage;

import io.github.solrcascade.feature.Pairs;
import java.util.List;

/**
 * What scoring gave.
 *
 * @param scores of the first documents that were asked for; of all, unless the time was up before
 * @param shortfall why there are not more; empty if they are all there
 * @param featureNanos time spent on features; of several shards the longest
 * @param modelNanos time spent on scoring, of several shards the longest
 * @param pairs what was scored in pairs here; none where shards did it
 * @param shares what each shard did; empty on one core
 * @param notes what the response should say of it, such as that texts were cut
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Scored(
    float[] scores,
    String shortfall,
    long featureNanos,
    long modelNanos,
    Pairs pairs,
    List<ShardShare> shares,
    List<String> notes) {

  /** The same, having taken so long in all: what is not the model's time counts to the features. */
  public Scored took(long nanos) {
    return new Scored(scores, shortfall, nanos - modelNanos, modelNanos, pairs, shares, notes);
  }

  /** The same with these notes. */
  public Scored noting(List<String> others) {
    return new Scored(scores, shortfall, featureNanos, modelNanos, pairs, shares, others);
  }
}
