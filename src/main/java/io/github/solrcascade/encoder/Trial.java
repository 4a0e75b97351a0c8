package io.github.solrcascade.encoder;

import io.github.solrcascade.encoder.Manifest.Speed;
import java.nio.file.Path;

/**
 * Runs a model when it is loaded, so that a graph that cannot take what its tokenizer gives fails
 * then and not at the first query with a rare word or a long text.
 */
final class Trial {
  /**
   * Longer texts are not tried, for they would make loading slow. Learned positions seldom go
   * beyond 512 (RoBERTa's 514 are 512 and two that are not for use); models for longer texts
   * compute theirs.
   */
  private static final int LONGEST = 514;

  private final Path folder;
  private final LoadedModel model;
  private Speed speed;

  Trial(Path folder, LoadedModel model) {
    this.folder = folder;
    this.model = model;
  }

  /**
   * Runs the tokens, the largest token id in their midst, and the longest text, and times them.
   *
   * @return the output for the tokens
   * @throws EncoderException if the graph refuses one of them
   */
  Output run(Tokens tokens) {
    checkFixedLength();
    Output output = model.infer(tokens);
    tryLargestToken(tokens);
    long middle = System.nanoTime();
    int longest = tryLongestText();
    long longNanos = System.nanoTime() - middle;
    // Not the first run, which allocates.
    long start = System.nanoTime();
    model.infer(tokens);
    speed = line(tokens.length(), System.nanoTime() - start, longest, longNanos);
    return output;
  }

  /** What a run takes: as {@code model.json} says, or else as long as these took. */
  Speed speed() {
    return model.manifest().speed() == null ? speed : model.manifest().speed();
  }

  private static Speed line(int shorter, long shortNanos, int longer, long longNanos) {
    double perToken = Math.max(0, longNanos - shortNanos) / (double) Math.max(1, longer - shorter);
    double base = Math.max(0, shortNanos - perToken * shorter);
    return new Speed(base / 1e6, perToken / 1e6);
  }

  private void checkFixedLength() {
    int fixed = model.graph().fixedTokens();
    int wanted = model.manifest().maxTokens();
    if (fixed > 0 && wanted > fixed) {
      throw EncoderException.at(
          folder.resolve("model.json"),
          "maxTokens: " + wanted,
          "the graph takes exactly " + fixed + " tokens");
    }
  }

  private void tryLargestToken(Tokens tokens) {
    long largest = model.tokenizer().vocabulary().largest();
    try {
      model.infer(tokens.with(tokens.length() / 2, largest));
    } catch (EncoderException e) {
      Path tokenizer = folder.resolve(Manifest.TOKENIZER);
      String found = tokenizer + ": largest token id " + largest;
      throw new EncoderException(
          found + ", must be one that the graph takes: " + e.getMessage(), e);
    }
  }

  /** Returns its length. */
  private int tryLongestText() {
    int length = Math.min(model.manifest().maxTokens(), LONGEST);
    try {
      model.infer(Tokens.repeated(model.tokenizer().vocabulary().largest(), length));
      return length;
    } catch (EncoderException e) {
      String found = folder.resolve("model.json") + ": maxTokens: " + model.manifest().maxTokens();
      throw new EncoderException(
          found + ", the graph must take " + length + " tokens: " + e.getMessage(), e);
    }
  }
}
