package io.github.solrcascade.encoder;

import io.github.solrcascade.encoder.Manifest.BiEncoderSpec;
import java.nio.file.Path;
import org.apache.lucene.util.VectorUtil;

/** Turns a text into a vector. Thread-safe; callers wait while the node's workers are busy. */
public final class BiEncoder implements Encoder {
  private final LoadedModel model;
  private final BiEncoderSpec spec;
  private final int dimensions;

  BiEncoder(LoadedModel model, Path folder) {
    this.model = model;
    this.spec = model.manifest().biEncoder();
    long last = model.graph().outputShape(3, "[batch, tokens, dimensions]")[2];
    if (last < 1) {
      throw EncoderException.at(
          folder.resolve(Manifest.MODEL), "a free last dimension", "must be a fixed number");
    }
    this.dimensions = (int) last;
  }

  @Override
  public Manifest manifest() {
    return model.manifest();
  }

  /** How long the vectors are. */
  public int dimensions() {
    return dimensions;
  }

  /**
   * The vector of a query.
   *
   * @throws IllegalStateException if the encoder was released
   */
  public float[] encodeQuery(String text) {
    return encode(spec.queryPrefix() + text, manifest().maxTokens());
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
    return encode(spec.documentPrefix() + text, maxTokens);
  }

  private float[] encode(String text, int maxTokens) {
    return model.run(
        () -> {
          Tokens tokens = model.tokenizer().encode(text, maxTokens);
          float[] vector = spec.pooling().pool(model.graph().run(tokens), dimensions);
          return spec.normalize() ? VectorUtil.l2normalize(vector, false) : vector;
        });
  }
}
