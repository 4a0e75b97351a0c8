package io.github.solrcascade.tokenvector;

import java.util.Optional;
import org.apache.lucene.util.BytesRef;

/**
 * A document's token vectors as bytes: the format's number, then each vector's numbers as int8,
 * vector after vector.
 *
 * <p>One scale serves all, so that stored vectors are compared as they are.
 */
public final class TokenVectors {
  /** What stands in front of the vectors. */
  static final int HEADER = 1;

  private static final byte FORMAT = 1;

  private TokenVectors() {}

  /** What numbers of −1 to 1 are multiplied by. */
  static final int SCALE = Byte.MAX_VALUE;

  /**
   * Up to so many dimensions the product of two rounded vectors stays within 16 bits, for rounding
   * lengthens a vector by √dimensions/2 at most: (127 + √9999/2)² < 2¹⁵.
   */
  static final int MOST_DIMENSIONS = 9999;

  /**
   * Stores vectors.
   *
   * @param vectors at least one, of equal dimensions and of length 1 at most
   */
  public static byte[] encode(float[]... vectors) {
    int dimensions = vectors[0].length;
    byte[] bytes = new byte[HEADER + vectors.length * dimensions];
    bytes[0] = FORMAT;
    int at = HEADER;
    for (float[] vector : vectors) {
      quantize(vector, bytes, at);
      at += dimensions;
    }
    return bytes;
  }

  /** Rounds a vector of length 1 at most, none of whose numbers is beyond a byte's range then. */
  static void quantize(float[] vector, byte[] into, int at) {
    for (int i = 0; i < vector.length; i++) {
      into[at + i] = (byte) Math.round(vector[i] * SCALE);
    }
  }

  /** What is wrong with these bytes as vectors of so many dimensions; empty if nothing is. */
  static Optional<String> mistake(BytesRef stored, int dimensions) {
    if (stored.length < HEADER || stored.bytes[stored.offset] != FORMAT) {
      return Optional.of("must begin with the format's number " + FORMAT);
    }
    int numbers = stored.length - HEADER;
    return numbers == 0 || numbers % dimensions != 0
        ? Optional.of("must hold vectors of " + dimensions + " bytes behind its first byte")
        : Optional.empty();
  }
}
