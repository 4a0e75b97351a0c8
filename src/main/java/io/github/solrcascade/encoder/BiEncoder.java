package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.encoder.Manifest.BiEncoderSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.util.VectorUtil;

/** Turns a text into a vector. Thread-safe; callers wait while the node's workers are busy. */
public final class BiEncoder implements Encoder {
  private static final String FORM = "[batch, tokens, dimensions]";

  private final LoadedModel model;
  private final BiEncoderSpec spec;
  private final int dimensions;
  private final OutputCache cache;
  private final KnownAnswer known;

  BiEncoder(LoadedModel model, Path folder, OutputCache cache) {
    this.model = model;
    this.cache = cache;
    this.spec = model.manifest().biEncoder();
    model.graph().requireOutput(FORM, List.of(3));
    Tokens tokens = model.tokenizer().encode("a", manifest().maxTokens());
    Trial trial = new Trial(folder, model);
    Output output = trial.run(tokens);
    model.startsAt(trial.speed());
    if (output.shape[1] < tokens.length()) {
      throw EncoderException.at(
          folder.resolve(Manifest.MODEL),
          output.shape[1] + " vectors for " + tokens.length() + " tokens",
          "must be one output of floats " + FORM);
    }
    this.dimensions = output.width();
    Probe.Vector probe = spec.probe();
    String query = spec.queryPrefix() + (probe == null ? "red shoes" : probe.query());
    if (probe != null) {
      probe.check(folder, encodeHere(query, manifest().maxTokens()));
    }
    known = new KnownAnswer(model, query.length(), () -> encodeHere(query, manifest().maxTokens()));
  }

  @Override
  public Manifest manifest() {
    return model.manifest();
  }

  @Override
  public boolean isSwitchedOff() {
    return model.isSwitchedOff();
  }

  @Override
  public long check(Deadline deadline) {
    return known.check(deadline);
  }

  @Override
  public EncoderStatistics statistics() {
    return model.statistics();
  }

  LoadedModel model() {
    return model;
  }

  /** How long the vectors are. */
  public int dimensions() {
    return dimensions;
  }

  /**
   * The vector of a query. What the node's cache holds is not computed again.
   *
   * @return the vector, which callers must not change
   * @throws OutOfTime if the deadline passes before it is there, or would by all appearances
   * @throws IllegalStateException if the encoder was released
   */
  public float[] encodeQuery(String text, Deadline deadline) {
    int maxTokens = manifest().maxTokens();
    String whole = spec.queryPrefix() + text;
    float[] vector =
        cache
            .get(
                List.of(OutputKey.of(model.id(), maxTokens, whole)),
                (missing, done) ->
                    model.runAll(
                        new int[] {whole.length()},
                        maxTokens,
                        deadline.nanosLeft(),
                        n -> done.accept(n, encodeHere(whole, maxTokens)),
                        deadline),
                deadline)
            .get(0);
    if (vector == null) {
      throw new OutOfTime(deadline);
    }
    return vector;
  }

  /** The same without a deadline. */
  public float[] encodeQuery(String text) {
    return encodeQuery(text, Deadline.NONE);
  }

  /**
   * The vector of a document's text.
   *
   * @param maxTokens the length at which the text is cut, from {@link Manifest#LEAST_TOKENS} to the
   *     manifest's
   * @throws IllegalArgumentException if {@code maxTokens} is out of range
   * @throws IllegalStateException if the encoder was released
   */
  public float[] encodeDocument(String text, int maxTokens) {
    manifest().checkLength(maxTokens);
    float[][] vector = new float[1][];
    String whole = spec.documentPrefix() + text;
    model.runAll(
        new int[] {whole.length()},
        maxTokens,
        Long.MAX_VALUE,
        n -> vector[n] = encodeHere(whole, maxTokens),
        Deadline.NONE);
    return vector[0];
  }

  private float[] encodeHere(String text, int maxTokens) {
    Tokens tokens = model.tokenizer().encode(text, maxTokens);
    Output output = model.infer(tokens);
    if (output.width() != dimensions || output.values.length < tokens.length() * dimensions) {
      throw new EncoderException(
          "model '%s' gave %d numbers %s for %d tokens, not vectors of %d"
              .formatted(
                  manifest().name(),
                  output.values.length,
                  Arrays.toString(output.shape),
                  tokens.length(),
                  dimensions),
          null);
    }
    float[] vector = spec.pooling().pool(output.values, dimensions, tokens.length());
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new EncoderException("model '" + manifest().name() + "' gave " + value, null);
      }
    }
    return spec.normalize() ? VectorUtil.l2normalize(vector, false) : vector;
  }
}
