package io.github.solrcascade.tokenvector;

import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/**
 * Compares a query's token vectors with documents': for each query token the greatest cosine that a
 * token of the document has with it, and of these the sum or the mean. A document's value depends
 * on query and document alone, to the bit. Immutable; equal if the rounded vectors are.
 *
 * <p>Khattab and Zaharia, ColBERT (2020), equation 3.
 *
 * <p>Four query tokens share a {@code long}, 16 bits each, so that one multiplication by a
 * document's number serves four. A lane never overflows: by Cauchy and Schwarz no sum of products,
 * not even the first part of one, is larger than the product of the vectors' lengths, and that is
 * below 2¹⁵ up to {@link TokenVectors#MOST_DIMENSIONS}. What a negative lane borrows from the next
 * is given back when the lanes are read, lowest first. So this is exact integer arithmetic, which
 * needs neither a JVM flag nor a processor's vector instructions.
 */
public final class MaxSim {
  private static final int LANES = 4;
  private static final int LANE_BITS = 16;

  private static final float UNIT = 1f / (TokenVectors.SCALE * TokenVectors.SCALE);

  /** So many query tokens are compared with a document's token in one pass over its numbers. */
  private static final int AT_ONCE = 2 * LANES;

  private final int tokens;
  private final int dimensions;

  /** Of each four tokens: their numbers of a dimension in one long. An even number of rows. */
  private final long[][] packed;

  /**
   * Prepares a query.
   *
   * @param query its vectors, at least one, of equal dimensions and of length 1 at most
   */
  public MaxSim(float[]... query) {
    tokens = query.length;
    dimensions = query[0].length;
    packed = new long[2 * ((tokens + AT_ONCE - 1) / AT_ONCE)][dimensions];
    byte[] numbers = new byte[dimensions];
    for (int token = 0; token < tokens; token++) {
      TokenVectors.quantize(query[token], numbers, 0);
      long[] row = packed[token / LANES];
      for (int d = 0; d < dimensions; d++) {
        row[d] += (long) numbers[d] << (LANE_BITS * (token % LANES));
      }
    }
  }

  /** The sum over the query's tokens, each between −1 and 1. */
  public float sum(BytesRef document) {
    return UNIT * maxima(document);
  }

  /** The mean over the query's tokens, between −1 and 1. */
  public float mean(BytesRef document) {
    return UNIT * maxima(document) / tokens;
  }

  /**
   * Adds up the maxima.
   *
   * @throws IllegalArgumentException if the document's vectors are not such as the query's
   */
  private int maxima(BytesRef document) {
    TokenVectors.mistake(document, dimensions)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(
                  "token vectors of " + document.length + " bytes, " + rule);
            });
    int[] best = new int[AT_ONCE];
    int sum = 0;
    for (int row = 0; row < packed.length; row += 2) {
      Arrays.fill(best, Integer.MIN_VALUE);
      compare(document, packed[row], packed[row + 1], best);
      for (int i = 0; i < AT_ONCE && row * LANES + i < tokens; i++) {
        sum += best[i];
      }
    }
    return sum;
  }

  private void compare(BytesRef document, long[] low, long[] high, int[] best) {
    byte[] numbers = document.bytes;
    int end = document.offset + document.length;
    for (int at = document.offset + TokenVectors.HEADER; at < end; at += dimensions) {
      long lowSum = 0;
      long highSum = 0;
      for (int d = 0; d < low.length; d++) {
        long number = numbers[at + d];
        lowSum += number * low[d];
        highSum += number * high[d];
      }
      raise(best, 0, lowSum);
      raise(best, LANES, highSum);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaxSim that
        && tokens == that.tokens
        && Arrays.deepEquals(packed, that.packed);
  }

  @Override
  public int hashCode() {
    return 31 * tokens + Arrays.deepHashCode(packed);
  }

  private static void raise(int[] best, int from, long lanes) {
    long rest = lanes;
    for (int lane = 0; lane < LANES; lane++) {
      short product = (short) rest;
      best[from + lane] = Math.max(best[from + lane], product);
      // Without the lane read, and so without what it borrowed.
      rest = (rest - product) >> LANE_BITS;
    }
  }
}
