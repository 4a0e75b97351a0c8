package io.github.solrcascade.encoder;

/** How a text's token vectors become one vector. */
public enum Pooling {
  /** The first token's vector. */
  CLS {
    @Override
    float[] pool(float[] tokens, int dimensions) {
      return java.util.Arrays.copyOf(tokens, dimensions);
    }
  },
  /** The mean of all tokens' vectors. */
  MEAN {
    @Override
    float[] pool(float[] tokens, int dimensions) {
      float[] mean = new float[dimensions];
      for (int i = 0; i < tokens.length; i++) {
        mean[i % dimensions] += tokens[i];
      }
      int count = tokens.length / dimensions;
      for (int d = 0; d < dimensions; d++) {
        mean[d] /= count;
      }
      return mean;
    }
  };

  /**
   * Pools one text.
   *
   * @param tokens the vectors of its tokens, one behind the other
   */
  abstract float[] pool(float[] tokens, int dimensions);
}
