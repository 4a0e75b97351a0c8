package io.github.solrcascade.feature;

import java.io.IOException;

/**
 * The weight of a feature that is far cheaper for many documents at once, such as a transformer's.
 * Such a weight scores the same documents the same one by one.
 */
public interface BatchWeight {

  /**
   * The feature's values.
   *
   * @param docs doc ids of the whole index, ascending
   * @return a value a document, in that order; NaN where the document has none
   */
  float[] values(int[] docs) throws IOException;
}
