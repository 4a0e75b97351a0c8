package io.github.solrcascade.encoder;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The vectors that a graph gives for the tokens of a text. Thread-safe. */
final class TokenStates {
  private static final String FORM = "[batch, tokens, dimensions]";

  private final LoadedModel model;
  private final int width;

  /** One text's. */
  static final class OfText {
    /** How many tokens it has, at least one. */
    final int tokens;

    /** Their vectors, one behind the other; those of padding may follow. */
    final float[] values;

    private OfText(int tokens, float[] values) {
      this.tokens = tokens;
      this.values = values;
    }
  }

  /**
   * Tries the graph.
   *
   * @throws EncoderException if it gives anything else than a vector for each token
   */
  TokenStates(LoadedModel model, Path folder) {
    this.model = model;
    model.graph().requireOutput(FORM, List.of(3));
    Tokens tokens = model.tokenizer().encode("a", model.manifest().maxTokens());
    Trial trial = new Trial(folder, model);
    Output output = trial.run(tokens);
    model.startsAt(trial.speed());
    if (output.shape[1] < tokens.length()) {
      throw EncoderException.at(
          folder.resolve(Manifest.MODEL),
          output.shape[1] + " vectors for " + tokens.length() + " tokens",
          "must be one output of floats " + FORM);
    }
    this.width = output.width();
  }

  /** How long the vectors are. */
  int width() {
    return width;
  }

  /**
   * Runs the graph in this thread.
   *
   * @throws EncoderException if it does not give a vector of the width for each token
   */
  OfText of(String text, int maxTokens) {
    Tokens tokens = model.tokenizer().encode(text, maxTokens);
    Output output = model.infer(tokens);
    if (output.width() != width || output.values.length < tokens.length() * width) {
      throw new EncoderException(
          String.format(
              Locale.ROOT,
              "model '%s' gave %d numbers %s for %d tokens, not vectors of %d",
              model.manifest().name(),
              output.values.length,
              Arrays.toString(output.shape),
              tokens.length(),
              width),
          null);
    }
    return new OfText(tokens.length(), output.values);
  }
}
