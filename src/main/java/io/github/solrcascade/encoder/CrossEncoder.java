package io.github.solrcascade.encoder;

import io.github.solrcascade.encoder.Manifest.CrossEncoderSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Reads a query and a document jointly and says how well they match. A pair's score depends on that
 * pair alone. Thread-safe; callers wait while the node's workers are busy.
 */
public final class CrossEncoder implements Encoder {
  private static final String FORM = "[batch, logits] or [batch]";

  private final LoadedModel model;
  private final CrossEncoderSpec spec;

  CrossEncoder(LoadedModel model, Path folder) {
    this.model = model;
    this.spec = model.manifest().crossEncoder();
    model.graph().requireOutput(FORM, List.of(1, 2));
    int limit = manifest().maxTokens();
    checkLogits(new Trial(folder, model).run(model.tokenizer().encode("a", "b", limit)), folder);
    if (spec.probe() != null) {
      Probe.Pair probe = spec.probe();
      probe.check(folder, scoreHere(probe.query(), probe.document(), limit));
    }
  }

  private void checkLogits(Output output, Path folder) {
    if (output.shape[0] != 1) {
      throw EncoderException.at(
          folder.resolve(Manifest.MODEL),
          "scores " + Arrays.toString(output.shape) + " for one pair",
          "must be one output of floats " + FORM);
    }
    if (spec.logit() >= output.values.length) {
      throw EncoderException.at(
          folder.resolve(Manifest.MODEL),
          output.values.length + " logits",
          "model.json wants logit " + spec.logit() + ", counted from 0");
    }
  }

  @Override
  public Manifest manifest() {
    return model.manifest();
  }

  /**
   * The scores of documents for a query.
   *
   * @param maxTokens the length at which a pair is cut, from {@link Manifest#LEAST_TOKENS} to the
   *     manifest's
   * @return a score a document, in their order
   * @throws IllegalArgumentException if {@code maxTokens} is out of range
   * @throws IllegalStateException if the encoder was released
   */
  public float[] score(String query, List<String> documents, int maxTokens) {
    manifest().checkLength(maxTokens);
    List<Callable<Float>> pairs =
        documents.stream()
            .<Callable<Float>>map(document -> () -> scoreHere(query, document, maxTokens))
            .toList();
    List<Float> scored = model.runAll(pairs);
    float[] scores = new float[scored.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scored.get(i);
    }
    return scores;
  }

  private float scoreHere(String query, String document, int maxTokens) {
    Tokens tokens = model.tokenizer().encode(query, document, maxTokens);
    float logit = model.infer(tokens).values[spec.logit()];
    return spec.sigmoid() ? (float) (1 / (1 + Math.exp(-logit))) : logit;
  }
}
