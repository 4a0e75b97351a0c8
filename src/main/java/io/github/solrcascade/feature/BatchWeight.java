package io.github.solrcascade.feature;

import java.io.IOException;

/**
 * The weight of a feature that is far cheaper for many documents at once, such as a transformer's.
 * Such a weight scores the same documents the same one by one.
 */
public interface BatchWeight {

  /**
   * The feature's values, as many as there is time for.
   *
   * @param docs doc ids of the whole index, those first that are wanted most
   * @param findings takes what there is to say of them
   * @return the values of the first documents, NaN where one has none; of all documents, unless the
   *     request's time is up before
   */
  float[] values(int[] docs, Findings findings) throws IOException;
}
