package io.github.solrcascade.tokenvector;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.util.Random;
import org.apache.lucene.util.VectorUtil;
import org.junit.Test;

/** What is most alike becomes one. */
public class TokenPoolingTest {
  private static final float SAME = 1e-6f;

  private static float[] at(double degrees) {
    double radians = Math.toRadians(degrees);
    return new float[] {(float) Math.cos(radians), (float) Math.sin(radians)};
  }

  private static void assertPooled(float[][] expected, float[][] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], found[i], SAME);
    }
  }

  @Test
  public void factorOneKeepsAll() {
    float[][] vectors = {at(0), at(0), at(90)};
    assertPooled(vectors, TokenPooling.pool(vectors, 1));
  }

  @Test
  public void theMostAlikeBecomeTheirMean() {
    float[][] vectors = {at(0), at(90), at(20), at(100)};
    assertPooled(new float[][] {at(10), at(95)}, TokenPooling.pool(vectors, 2));
  }

  @Test
  public void aMeanIsOfAllTokensInIt() {
    // 0 and 2 first; then 10 joins the two, whose mean counts twice.
    float[][] vectors = {at(0), at(2), at(10), at(180), at(200), at(90)};
    float[][] pooled = TokenPooling.pool(vectors, 2);
    assertEquals(3, pooled.length);
    float[] mean = new float[2];
    for (int i = 0; i < 3; i++) {
      mean[0] += vectors[i][0];
      mean[1] += vectors[i][1];
    }
    assertArrayEquals(VectorUtil.l2normalize(mean), pooled[0], SAME);
  }

  @Test
  public void thereAreAsManyAsTheFactorLeaves() {
    Random random = new Random(1);
    for (int count = 1; count < 40; count++) {
      float[][] vectors = new float[count][];
      for (int i = 0; i < count; i++) {
        vectors[i] = at(random.nextDouble() * 180);
      }
      for (int factor = 1; factor < 5; factor++) {
        float[][] pooled = TokenPooling.pool(vectors, factor);
        assertEquals((count + factor - 1) / factor, pooled.length);
        for (float[] vector : pooled) {
          assertEquals(1, VectorUtil.dotProduct(vector, vector), 1e-5f);
        }
      }
    }
  }
}
