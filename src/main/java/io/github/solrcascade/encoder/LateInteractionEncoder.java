package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.encoder.Manifest.LateInteractionSpec;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.lucene.util.VectorUtil;

/**
 * Turns a text into a vector for each of its tokens, special ones included, in their order. The
 * vectors have length 1. Thread-safe; callers wait while the node's workers are busy.
 *
 * <p>Khattab and Zaharia, ColBERT (2020).
 */
public final class LateInteractionEncoder extends TextEncoder {
  private final LateInteractionSpec spec;
  private final TokenStates states;
  private final Projection projection;

  LateInteractionEncoder(LoadedModel model, Path folder, OutputCache cache) {
    super(model, cache);
    this.spec = (LateInteractionSpec) model.manifest().spec();
    this.states = new TokenStates(model, folder);
    this.projection =
        spec.projection() == null
            ? null
            : Projection.read(folder, spec.projection(), states.width());
    Probe.Pair probe = spec.probe();
    int limit = manifest().maxTokens();
    String query = spec.queryPrefix() + (probe == null ? "red shoes" : probe.query());
    if (probe != null) {
      String document = spec.documentPrefix() + probe.document();
      probe.check(
          folder, maxSim(split(encodeHere(query, limit)), split(encodeHere(document, limit))));
    }
    remember(query.length(), () -> encodeHere(query, limit));
  }

  /** The mean, over the query's tokens, of the cosine of the nearest token of the document. */
  private static double maxSim(float[][] query, float[][] document) {
    double sum = 0;
    for (float[] of : query) {
      sum += Arrays.stream(document).mapToDouble(d -> VectorUtil.dotProduct(of, d)).max().orElse(0);
    }
    return sum / query.length;
  }

  /** How long the vectors are. */
  public int dimensions() {
    return projection == null ? states.width() : spec.projection().dimensions();
  }

  /**
   * The token vectors of a query. What the node's cache holds is not computed again.
   *
   * @throws OutOfTime if the deadline passes before they are there, or would by all appearances
   * @throws IllegalStateException if the encoder was released
   */
  public float[][] encodeQuery(String text, Deadline deadline) {
    return split(query(spec.queryPrefix() + text, deadline));
  }

  /** The same without a deadline. */
  public float[][] encodeQuery(String text) {
    return encodeQuery(text, Deadline.NONE);
  }

  /**
   * The token vectors of a document's text.
   *
   * @param maxTokens the length at which the text is cut, from {@link Manifest#LEAST_TOKENS} to the
   *     manifest's
   * @throws IllegalArgumentException if {@code maxTokens} is out of range
   * @throws IllegalStateException if the encoder was released
   */
  public float[][] encodeDocument(String text, int maxTokens) {
    return split(document(spec.documentPrefix() + text, maxTokens));
  }

  /** The vectors one behind the other, as the cache keeps them. */
  @Override
  float[] encodeHere(String text, int maxTokens) {
    TokenStates.OfText found = states.of(text, maxTokens);
    float[] vectors = new float[found.tokens * dimensions()];
    for (int token = 0; token < found.tokens; token++) {
      int from = token * states.width();
      float[] vector = Arrays.copyOfRange(found.values, from, from + states.width());
      model.checkFinite(vector);
      VectorUtil.l2normalize(vector, false);
      if (projection != null) {
        vector = VectorUtil.l2normalize(projection.of(vector), false);
      }
      System.arraycopy(vector, 0, vectors, token * dimensions(), dimensions());
    }
    return vectors;
  }

  private float[][] split(float[] vectors) {
    float[][] split = new float[vectors.length / dimensions()][];
    for (int token = 0; token < split.length; token++) {
      int from = token * dimensions();
      split[token] = Arrays.copyOfRange(vectors, from, from + dimensions());
    }
    return split;
  }
}
