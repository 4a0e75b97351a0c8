package io.github.solrcascade.feature;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * The weight of a feature that is far cheaper for many documents at once, such as a transformer's.
 * Such a weight scores the same documents the same one by one.
 */
public interface BatchWeight {

  /**
   * The feature's values, as many as there is time for.
   *
   * @param docs doc ids of the whole index, those first that are wanted most
   * @return the values of the first documents, NaN where one has none; of all documents, unless the
   *     request's time is up before
   */
  float[] values(int[] docs) throws IOException;

  /**
   * The same.
   *
   * @param notes takes what the response should say of them
   */
  default float[] values(int[] docs, Consumer<String> notes) throws IOException {
    return values(docs);
  }
}
