package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;

/** An encoder that reads one text at a time. Thread-safe; callers wait while workers are busy. */
abstract sealed class TextEncoder extends LoadedEncoder permits BiEncoder, LateInteractionEncoder {
  private final OutputCache cache;

  TextEncoder(LoadedModel model, OutputCache cache) {
    super(model);
    this.cache = cache;
  }

  /** Runs the model in the caller's thread. */
  abstract float[] encodeHere(String text, int maxTokens);

  /**
   * What the model makes of a query's text. What the node's cache holds is not computed again.
   *
   * @return the numbers, which callers must not change
   * @throws OutOfTime if the deadline passes before they are there, or would by all appearances
   */
  final float[] query(String text, Deadline deadline) {
    int maxTokens = manifest().maxTokens();
    return cache.getOne(
        OutputKey.of(model.id(), maxTokens, text),
        done ->
            model.runOne(
                text,
                maxTokens,
                deadline.nanosLeft(),
                () -> done.accept(encodeHere(text, maxTokens)),
                deadline),
        deadline);
  }

  /** What the model makes of a document's text, cut at so many tokens. */
  final float[] document(String text, int maxTokens) {
    manifest().checkLength(maxTokens);
    float[][] output = new float[1][];
    model.runOne(
        text,
        maxTokens,
        Long.MAX_VALUE,
        () -> output[0] = encodeHere(text, maxTokens),
        Deadline.NONE);
    return output[0];
  }
}
