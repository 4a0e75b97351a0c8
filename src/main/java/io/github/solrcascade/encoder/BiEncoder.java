package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import io.github.solrcascade.encoder.Manifest.BiEncoderSpec;
import java.nio.file.Path;
import org.apache.lucene.util.VectorUtil;

/** Turns a text into a vector. Thread-safe; callers wait while the node's workers are busy. */
public final class BiEncoder extends TextEncoder {
  private final BiEncoderSpec spec;
  private final TokenStates states;

  BiEncoder(LoadedModel model, Path folder, OutputCache cache) {
    super(model, cache);
    this.spec = (BiEncoderSpec) model.manifest().spec();
    this.states = new TokenStates(model, folder);
    Probe.Vector probe = spec.probe();
    String query = spec.queryPrefix() + (probe == null ? "red shoes" : probe.query());
    if (probe != null) {
      probe.check(folder, encodeHere(query, manifest().maxTokens()));
    }
    remember(query.length(), () -> encodeHere(query, manifest().maxTokens()));
  }

  /** How long the vectors are. */
  public int dimensions() {
    return states.width();
  }

  /**
   * The vector of a query. What the node's cache holds is not computed again.
   *
   * @return the vector, which callers must not change
   * @throws OutOfTime if the deadline passes before it is there, or would by all appearances
   * @throws IllegalStateException if the encoder was released
   */
  public float[] encodeQuery(String text, Deadline deadline) {
    return query(spec.queryPrefix() + text, deadline);
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
    return document(spec.documentPrefix() + text, maxTokens);
  }

  @Override
  float[] encodeHere(String text, int maxTokens) {
    TokenStates.OfText found = states.of(text, maxTokens);
    float[] vector = spec.pooling().pool(found.values, dimensions(), found.tokens);
    model.checkFinite(vector);
    return spec.normalize() ? VectorUtil.l2normalize(vector, false) : vector;
  }
}
