package io.github.solrcascade.stage;

import io.github.solrcascade.model.StageModel;

/**
 * A model over the first documents.
 *
 * @param name as configured
 * @param reRankDocs how many documents it reranks at most, at least 1
 * @param model what scores them
 */
public record Stage(String name, int reRankDocs, StageModel model) {}
