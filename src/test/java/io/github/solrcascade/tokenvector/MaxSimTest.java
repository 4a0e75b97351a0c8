package io.github.solrcascade.tokenvector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.VectorUtil;
import org.junit.Test;

/**
 * MaxSim over bytes against plain loops: over the same rounded numbers exactly, over floats nearly.
 */
public class MaxSimTest {
  private static final int[] DIMENSIONS = {1, 2, 6, 96, 128, 384, 1024, 9999};

  private final Random random = new Random(1);

  private float[][] unitVectors(int count, int dimensions) {
    float[][] vectors = new float[count][dimensions];
    for (float[] vector : vectors) {
      for (int d = 0; d < dimensions; d++) {
        vector[d] = (float) random.nextGaussian();
      }
      VectorUtil.l2normalize(vector);
    }
    return vectors;
  }

  /** Every number the same, so that rounding lengthens the vector as much as it can. */
  private static float[] even(int dimensions, int sign) {
    float[] vector = new float[dimensions];
    Arrays.fill(vector, (float) (sign / Math.sqrt(dimensions)));
    return vector;
  }

  private static BytesRef stored(float[]... vectors) {
    return new BytesRef(TokenVectors.encode(vectors));
  }

  private static float[][] rounded(float[][] vectors) {
    return Arrays.stream(vectors)
        .map(
            vector -> {
              byte[] bytes = new byte[vector.length];
              TokenVectors.quantize(vector, bytes, 0);
              float[] numbers = new float[bytes.length];
              for (int i = 0; i < bytes.length; i++) {
                numbers[i] = bytes[i];
              }
              return numbers;
            })
        .toArray(float[][]::new);
  }

  private static double sum(float[][] query, float[][] document) {
    double sum = 0;
    for (float[] of : query) {
      double best = Double.NEGATIVE_INFINITY;
      for (float[] with : document) {
        double product = 0;
        for (int d = 0; d < of.length; d++) {
          product += (double) of[d] * with[d];
        }
        best = Math.max(best, product);
      }
      sum += best;
    }
    return sum;
  }

  private static void assertEqualsPlainLoops(float[][] query, float[][] document) {
    MaxSim maxSim = new MaxSim(query);
    float exact = (float) sum(rounded(query), rounded(document)) / (127 * 127);
    assertEquals(exact, maxSim.sum(stored(document)), 1e-6f * query.length);
    assertEquals(exact / query.length, maxSim.mean(stored(document)), 1e-6f);
  }

  @Test
  public void isExactOverRoundedNumbers() {
    for (int dimensions : DIMENSIONS) {
      for (int tokens = 1; tokens <= 19; tokens++) {
        float[][] document = unitVectors(1 + random.nextInt(40), dimensions);
        assertEqualsPlainLoops(unitVectors(tokens, dimensions), document);
      }
    }
  }

  @Test
  public void noLaneOverflowsWhateverTheVectors() {
    for (int dimensions : DIMENSIONS) {
      float[] first = new float[dimensions];
      first[0] = 1;
      float[] minusFirst = new float[dimensions];
      minusFirst[0] = -1;
      float[][] extreme = {
        even(dimensions, 1), even(dimensions, -1), first, minusFirst, even(dimensions, 1)
      };
      for (float[] document : extreme) {
        assertEqualsPlainLoops(extreme, new float[][] {document});
      }
    }
  }

  @Test
  public void isNearTheFloats() {
    float[][] query = unitVectors(8, 96);
    for (int i = 0; i < 100; i++) {
      float[][] document = unitVectors(40, 96);
      double plain = sum(query, document) / query.length;
      assertEquals(plain, new MaxSim(query).mean(stored(document)), 0.005);
    }
  }

  @Test
  public void bytesMayBeginAnywhere() {
    float[][] query = unitVectors(5, 96);
    BytesRef whole = stored(unitVectors(7, 96));
    byte[] shifted = new byte[whole.length + 20];
    System.arraycopy(whole.bytes, whole.offset, shifted, 13, whole.length);
    MaxSim maxSim = new MaxSim(query);
    assertEquals(maxSim.sum(whole), maxSim.sum(new BytesRef(shifted, 13, whole.length)), 0);
  }

  @Test
  public void otherBytesAreRefused() {
    MaxSim maxSim = new MaxSim(unitVectors(5, 96));
    BytesRef other = stored(unitVectors(2, 90));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> maxSim.sum(other));
    assertEquals(
        "token vectors of 181 bytes, must hold vectors of 96 bytes behind its first byte",
        e.getMessage());
    for (BytesRef bytes : new BytesRef[] {new BytesRef(), new BytesRef(new byte[97])}) {
      e = assertThrows(IllegalArgumentException.class, () -> maxSim.mean(bytes));
      assertTrue(e.getMessage(), e.getMessage().contains("must begin with the format's number 1"));
    }
  }

  @Test
  public void equalIfTheVectorsAre() {
    float[][] query = unitVectors(5, 96);
    assertEquals(new MaxSim(query), new MaxSim(query));
    assertEquals(new MaxSim(query).hashCode(), new MaxSim(query).hashCode());
    assertNotEquals(new MaxSim(query), new MaxSim(unitVectors(5, 96)));
    // A vector of zeros fills its lane as no vector does.
    float[][] longer = Arrays.copyOf(query, 6);
    longer[5] = new float[96];
    assertNotEquals(new MaxSim(query), new MaxSim(longer));
  }

  @Test
  public void aDocumentOf40TokensFitsIn4Kilobytes() {
    assertEquals(3841, stored(unitVectors(40, 96)).length);
    assertEquals(1921, stored(TokenPooling.pool(unitVectors(40, 96), 2)).length);
  }
}
