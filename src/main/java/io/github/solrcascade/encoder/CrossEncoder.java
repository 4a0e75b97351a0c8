package io.github.solrcascade.encoder;

import io.github.solrcascade.encoder.Manifest.CrossEncoderSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Reads a query and a document jointly and says how well they match. A pair's score depends on that
 * pair alone. Thread-safe; callers wait while the node's workers are busy.
 */
public final class CrossEncoder implements Encoder {
  private final LoadedModel model;
  private final CrossEncoderSpec spec;

  CrossEncoder(LoadedModel model, Path folder) {
    this.model = model;
    this.spec = model.manifest().crossEncoder();
    long columns = model.graph().outputShape(2, "[batch, logits]")[1];
    if (columns >= 0 && spec.logit() >= columns) {
      throw EncoderException.at(
          folder.resolve(Manifest.MODEL),
          columns + " logits",
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
    float[] logits = model.graph().run(model.tokenizer().encode(query, document, maxTokens));
    float logit = logits[spec.logit()];
    return spec.sigmoid() ? (float) (1 / (1 + Math.exp(-logit))) : logit;
  }
}
