package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.encoder.Manifest.CrossEncoderSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads a query and a document jointly and says how well they match. A pair's score depends on that
 * pair alone. Thread-safe; callers wait while the node's workers are busy.
 */
public final class CrossEncoder extends LoadedEncoder {
  private static final String FORM = "[batch, logits] or [batch]";

  /**
   * A search without a budget is not queued for longer, or all of Solr's threads could end here.
   */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final CrossEncoderSpec spec;
  private final OutputCache cache;
  private final TokenCache pieces;

  CrossEncoder(LoadedModel model, Path folder, OutputCache cache, TokenCache pieces) {
    super(model);
    this.cache = cache;
    this.pieces = pieces;
    this.spec = (CrossEncoderSpec) model.manifest().spec();
    model.graph().requireOutput(FORM, List.of(1, 2));
    int limit = manifest().maxTokens();
    Trial trial = new Trial(folder, model);
    checkLogits(trial.run(tokens(model.piece("a"), "b", limit)), folder);
    model.startsAt(trial.speed());
    Probe.Pair probe = spec.probe();
    Piece query = model.piece(probe == null ? "red shoes" : probe.query());
    String document = probe == null ? "Red running shoes" : probe.document();
    if (probe != null) {
      probe.check(folder, scoreHere(query, document, limit));
    }
    remember(document.length(), () -> new float[] {scoreHere(query, document, limit)});
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

  /** Is told how many pairs were scored. */
  @FunctionalInterface
  public interface PairCount {
    /**
     * Takes the numbers.
     *
     * @param computed by the model, for this call
     * @param cached that were known, or that the model was just computing for another call
     */
    void accept(int computed, int cached);
  }

  /**
   * The scores of documents for a query, as many as there is time for, in their order. What the
   * node's cache holds is not computed again. What the workers cannot be expected to do in time is
   * not begun: in the deadline's, or else within 30 seconds.
   *
   * @param maxTokens the length at which a pair is cut, from {@link Manifest#LEAST_TOKENS} to the
   *     manifest's
   * @param count told, once, how many pairs were scored
   * @return the scores of the first documents; of all if there is time
   * @throws IllegalArgumentException if {@code maxTokens} is out of range
   * @throws IllegalStateException if the encoder was released
   * @throws EncoderException if the model fails, or gives what is no number
   */
  public float[] score(
      String query, List<String> documents, int maxTokens, Deadline deadline, PairCount count) {
    manifest().checkLength(maxTokens);
    List<OutputKey> keys =
        documents.stream()
            .map(document -> OutputKey.of(model.id(), maxTokens, query, document))
            .toList();
    AtomicInteger runs = new AtomicInteger();
    List<float[]> scored =
        cache.get(
            keys,
            (missing, done) -> {
              Piece piece = model.piece(query);
              model.runAll(
                  Arrays.stream(missing)
                      .map(i -> query.length() + documents.get(i).length())
                      .toArray(),
                  maxTokens,
                  Math.min(MOST_NANOS, deadline.nanosLeft()),
                  n -> {
                    float score = scoreHere(piece, documents.get(missing[n]), maxTokens);
                    runs.incrementAndGet();
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
    count.accept(runs.get(), Math.max(0, scores.length - runs.get()));
    return scores;
  }

  /** The same without a deadline. */
  public float[] score(String query, List<String> documents, int maxTokens) {
    return score(query, documents, maxTokens, Deadline.NONE, (computed, cached) -> {});
  }

  private Tokens tokens(Piece query, String document, int maxTokens) {
    Piece piece = pieces.get(OutputKey.of(model.id(), 0, document), () -> model.piece(document));
    return model.tokenizer().encode(query, piece, maxTokens);
  }

  private float scoreHere(Piece query, String document, int maxTokens) {
    float[] logits = model.infer(tokens(query, document, maxTokens)).values;
    if (logits.length <= spec.logit()) {
      throw new EncoderException(
          "model '" + manifest().name() + "' gave " + logits.length + " logits", null);
    }
    float logit = logits[spec.logit()];
    model.checkFinite(logit);
    return spec.sigmoid() ? (float) (1 / (1 + Math.exp(-logit))) : logit;
  }
}
