package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.Manifest.CrossEncoderSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a query and a document jointly and says how well they match. A pair's score depends on that
 * pair alone. Thread-safe; callers wait while the node's workers are busy.
 */
public final class CrossEncoder implements Encoder {
  private static final String FORM = "[batch, logits] or [batch]";

  private final LoadedModel model;
  private final CrossEncoderSpec spec;
  private final OutputCache cache;
  private final TokenCache pieces;

  CrossEncoder(LoadedModel model, Path folder, OutputCache cache, TokenCache pieces) {
    this.model = model;
    this.cache = cache;
    this.pieces = pieces;
    this.spec = model.manifest().crossEncoder();
    model.graph().requireOutput(FORM, List.of(1, 2));
    int limit = manifest().maxTokens();
    checkLogits(new Trial(folder, model).run(tokens(model.piece("a"), "b", limit)), folder);
    if (spec.probe() != null) {
      Probe.Pair probe = spec.probe();
      probe.check(folder, scoreHere(model.piece(probe.query()), probe.document(), limit));
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

  @Override
  public boolean isSwitchedOff() {
    return model.isSwitchedOff();
  }

  LoadedModel model() {
    return model;
  }

  /**
   * The scores of documents for a query, as many as there is time for, in their order. What the
   * node's cache holds is not computed again.
   *
   * @param maxTokens the length at which a pair is cut, from {@link Manifest#LEAST_TOKENS} to the
   *     manifest's
   * @return the scores of the first documents; of all if the deadline does not pass
   * @throws IllegalArgumentException if {@code maxTokens} is out of range
   * @throws IllegalStateException if the encoder was released
   * @throws EncoderException if the model fails, or gives what is no number
   */
  public float[] score(String query, List<String> documents, int maxTokens, Deadline deadline) {
    manifest().checkLength(maxTokens);
    List<OutputKey> keys =
        documents.stream()
            .map(document -> OutputKey.of(model.id(), maxTokens, query, document))
            .toList();
    List<float[]> scored =
        cache.get(
            keys,
            (missing, done) -> {
              Piece piece = model.piece(query);
              model.runAll(
                  missing.length,
                  n -> {
                    float score = scoreHere(piece, documents.get(missing[n]), maxTokens);
                    done.accept(n, new float[] {score});
                  },
                  deadline);
            },
            deadline);
    int first = scored.indexOf(null);
    float[] scores = new float[first < 0 ? scored.size() : first];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scored.get(i)[0];
    }
    return scores;
  }

  /** The same without a deadline: the scores of all documents. */
  public float[] score(String query, List<String> documents, int maxTokens) {
    return score(query, documents, maxTokens, Deadline.NONE);
  }

  private Tokens tokens(Piece query, String document, int maxTokens) {
    Piece piece = pieces.get(OutputKey.of(model.id(), 0, document), () -> model.piece(document));
    return model.tokenizer().encode(query, piece, maxTokens);
  }

  private float scoreHere(Piece query, String document, int maxTokens) {
    float logit = model.infer(tokens(query, document, maxTokens)).values[spec.logit()];
    if (!Float.isFinite(logit)) {
      throw new EncoderException("model '" + manifest().name() + "' gave " + logit, null);
    }
    return spec.sigmoid() ? (float) (1 / (1 + Math.exp(-logit))) : logit;
  }
}
