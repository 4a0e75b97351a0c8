package io.github.solrcascade.encoder;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a model folder's {@code model.json} says.
 *
 * @param name the folder's name
 * @param origin where the weights come from
 * @param licence their licence, as an SPDX identifier
 * @param sha256 hexadecimal, by file name; {@code model.onnx} and {@code tokenizer.json} are there
 * @param maxTokens the longest input, special tokens included, at least 8
 * @param output the graph's output to read; null where it has but one
 * @param speed how long a run takes, as measured somewhere; null where nobody has
 * @param spec how the graph's output is read
 */
public record Manifest(
    String name,
    Task task,
    String origin,
    String licence,
    Map<String, String> sha256,
    int maxTokens,
    String output,
    Speed speed,
    Spec spec) {

  /** The graph's file. */
  public static final String MODEL = "model.onnx";

  /** The tokenizer's file. */
  public static final String TOKENIZER = "tokenizer.json";

  /** Below this there is no room for two texts between the special tokens. */
  public static final int LEAST_TOKENS = 8;

  /** All that its outputs depend on: the same on two nodes if they have the same model. */
  public String fingerprint() {
    String read = (output == null ? "" : "/" + output) + "/" + spec.fingerprint();
    return new TreeMap<>(sha256) + "/" + maxTokens + read;
  }

  /** Whether texts may be cut at that many tokens. */
  public boolean allows(int tokens) {
    return tokens >= LEAST_TOKENS && tokens <= maxTokens;
  }

  /**
   * Checks a length that is shorter than the model's own.
   *
   * @throws IllegalArgumentException with the value and the rule
   */
  public void checkLength(int tokens) {
    if (!allows(tokens)) {
      throw new IllegalArgumentException(
          "maxTokens: " + tokens + ", must be from " + LEAST_TOKENS + " to " + maxTokens);
    }
  }

  /** What a task alone has. */
  public sealed interface Spec {
    /** What outputs depend on of it; a probe they do not. */
    String fingerprint();
  }

  /**
   * How long a run takes, text to number, on one core: a line over its tokens.
   *
   * @param ms of any run, at least 0
   * @param tokenMs of each token, at least 0
   */
  public record Speed(double ms, double tokenMs) {}

  /**
   * How a bi-encoder makes a vector.
   *
   * @param queryPrefix put before queries
   * @param documentPrefix put before documents
   * @param normalize whether vectors are scaled to length 1
   * @param probe a known vector; null where there is none
   */
  public record BiEncoderSpec(
      String queryPrefix,
      String documentPrefix,
      Pooling pooling,
      boolean normalize,
      Probe.Vector probe)
      implements Spec {
    @Override
    public String fingerprint() {
      return queryPrefix + "/" + documentPrefix + "/" + pooling + "/" + normalize;
    }
  }

  /**
   * How a cross-encoder's score is read.
   *
   * @param logit the output's column
   * @param sigmoid whether the logistic function is applied to it
   * @param probe a known score; null where there is none
   */
  public record CrossEncoderSpec(int logit, boolean sigmoid, Probe.Pair probe) implements Spec {
    @Override
    public String fingerprint() {
      return logit + "/" + sigmoid;
    }
  }

  /**
   * How a late-interaction encoder makes a vector for each token.
   *
   * @param queryPrefix put before queries
   * @param documentPrefix put before documents
   * @param projection makes them shorter; null where they are the graph's own
   * @param probe a known score; null where there is none
   */
  public record LateInteractionSpec(
      String queryPrefix, String documentPrefix, ProjectionSpec projection, Probe.Pair probe)
      implements Spec {
    @Override
    public String fingerprint() {
      return queryPrefix + "/" + documentPrefix + "/" + projection;
    }
  }

  /**
   * An affine map of token vectors.
   *
   * @param file the matrix, in the folder
   * @param dimensions how long the vectors are that it gives
   */
  public record ProjectionSpec(String file, int dimensions) {}
}
