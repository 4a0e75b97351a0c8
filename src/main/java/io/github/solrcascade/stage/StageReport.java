package io.github.solrcascade.stage;

/**
 * What a stage did in a request.
 *
 * @param docs how many documents it reranked
 * @param featureNanos time spent on features that no stage before had computed
 * @param modelNanos time spent on scoring and sorting
 */
public record StageReport(
    Stage stage, int docs, long featureNanos, long modelNanos, StageOutcome outcome) {}
