package io.github.solrcascade.stage;

import io.github.solrcascade.feature.Pairs;
import java.util.List;

/**
 * What a stage did in a request.
 *
 * @param docs how many documents it reranked
 * @param featureNanos time spent on features that no stage before had computed
 * @param modelNanos time spent on scoring and sorting
 * @param pairs what was scored in pairs here; none where shards did it
 * @param shares what each shard did of it; empty on one core
 * @param notes what the response should say of it, such as that texts were cut
 */
public record StageReport(
    Stage stage,
    int docs,
    long featureNanos,
    long modelNanos,
    StageOutcome outcome,
    Pairs pairs,
    List<ShardShare> shares,
    List<String> notes) {

  /** Of a stage of which no more is known, or that did no more. */
  static StageReport brief(Stage stage, int docs, long featureNanos, StageOutcome outcome) {
    return new StageReport(stage, docs, featureNanos, 0, outcome, Pairs.NONE, List.of(), List.of());
  }
}
