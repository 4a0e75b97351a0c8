package io.github.solrcascade.encoder;

import java.util.Arrays;

/** How a text's token vectors become one vector. */
public enum Pooling {
  /** The first token's vector. */
  CLS {
    @Override
    float[] pool(float[] states, int dimensions, int tokens) {
      return Arrays.copyOf(states, dimensions);
    }
  },
  /** The mean of all tokens' vectors. */
  MEAN {
    @Override
    float[] pool(float[] states, int dimensions, int tokens) {
      float[] mean = new float[dimensions];
      for (int i = 0; i < tokens * dimensions; i++) {
        mean[i % dimensions] += states[i];
      }
      for (int d = 0; d < dimensions; d++) {
        mean[d] /= tokens;
      }
      return mean;
    }
  },
  /** The last token's vector, as models that read from left to right want it. */
  LAST {
    @Override
    float[] pool(float[] states, int dimensions, int tokens) {
      return Arrays.copyOfRange(states, (tokens - 1) * dimensions, tokens * dimensions);
    }
  };

  /**
   * Pools one text.
   *
   * @param states the vectors of its tokens, one behind the other; those of padding may follow
   * @param tokens how many tokens it has, at least one, padding not counted
   */
  abstract float[] pool(float[] states, int dimensions, int tokens);
}
