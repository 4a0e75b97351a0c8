package io.github.solrcascade.candidates;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** Which values are known, and which of them are defaults. */
public class FeatureMatrixTest {
  private final FeatureMatrix matrix = new FeatureMatrix(3, 2);

  @Test
  public void nothingIsKnownAtFirst() {
    assertFalse(matrix.isKnown(1, 2));
    assertFalse(matrix.isDefault(1, 2));
    assertEquals(0, matrix.get(1, 2), 0);
  }

  @Test
  public void valueIsKnownForItsFeatureAndCandidateOnly() {
    matrix.set(1, 2, 0.5f);
    assertTrue(matrix.isKnown(1, 2));
    assertFalse(matrix.isDefault(1, 2));
    assertEquals(0.5f, matrix.get(1, 2), 0);
    assertFalse(matrix.isKnown(0, 2));
    assertFalse(matrix.isKnown(1, 1));
  }

  @Test
  public void defaultIsKnownToo() {
    matrix.setDefault(0, 0, -1);
    assertTrue(matrix.isKnown(0, 0));
    assertTrue(matrix.isDefault(0, 0));
    assertEquals(-1, matrix.get(0, 0), 0);
  }

  @Test
  public void emptyMatrixKnowsNothing() {
    assertFalse(new FeatureMatrix(0, 2).isKnown(0, 0));
  }
}
