package io.github.solrcascade.encoder;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A known answer in {@code model.json}, which the model must give when it is loaded. It catches
 * what a graph's shape does not show: another model's tokenizer, pooling or logit.
 */
public sealed interface Probe {

  /**
   * How far a score may be off, in parts of its size. An int8 graph rounds otherwise on other
   * processors and in other releases of the runtime, and moves a score by some hundredths.
   */
  double TOLERANCE = 0.05;

  /**
   * A cross-encoder's score of a pair.
   *
   * @param score as served: of the chosen logit, after the sigmoid if there is one
   */
  record Pair(String query, String document, double score) implements Probe {

    /** Scores below 1 are held to the tolerance itself: there is nothing to scale by at 0. */
    void check(Path folder, double found) {
      if (!(Math.abs(found - score) <= TOLERANCE * Math.max(1, Math.abs(score)))) {
        throw EncoderException.at(
            folder.resolve("model.json"), "probe: scored " + found, "must be near " + score);
      }
    }
  }

  /**
   * The beginning of a bi-encoder's vector of a query.
   *
   * @param vector its first numbers, at least one
   */
  record Vector(String query, List<Double> vector) implements Probe {
    /**
     * A score sums such roundings up, a vector's few numbers show each. Between two releases of the
     * runtime those of an int8 graph moved by 0 to 0.12 of their length.
     */
    private static final double VECTOR_TOLERANCE = 4 * TOLERANCE;

    /** The distance of the two beginnings is at most the tolerance times the length of this one. */
    void check(Path folder, float[] found) {
      double distance = 0;
      double length = 0;
      for (int i = 0; i < vector.size() && i < found.length; i++) {
        distance += Math.pow(found[i] - vector.get(i), 2);
        length += Math.pow(vector.get(i), 2);
      }
      boolean near = Math.sqrt(distance) <= VECTOR_TOLERANCE * Math.sqrt(length);
      if (!near || found.length < vector.size()) {
        throw EncoderException.at(
            folder.resolve("model.json"), "probe: " + beginning(found), "must be near " + vector);
      }
    }

    private List<Float> beginning(float[] found) {
      return IntStream.range(0, Math.min(vector.size(), found.length))
          .mapToObj(i -> found[i])
          .toList();
    }
  }
}
