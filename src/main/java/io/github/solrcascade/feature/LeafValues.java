package io.github.solrcascade.feature;

import java.io.IOException;

/** A feature's values in one segment. */
@FunctionalInterface
interface LeafValues {

  /** The value of the segment's document; NaN where it has none. Asked in ascending order. */
  float value(int doc) throws IOException;
}
