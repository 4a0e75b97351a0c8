package io.github.solrcascade.feature;

import java.util.Locale;

/**
 * How a value falls with distance. Each function is 1 up to {@code offset} and {@code decay} at
 * {@code offset + scale}.
 */
enum Decay {
  /** Falls by the same factor each time the same distance is added. */
  EXPONENTIAL {
    @Override
    double at(double distance, double scale, double decay) {
      return Math.exp(Math.log(decay) / scale * distance);
    }
  },
  /** Falls in a straight line to 0 and stays there. */
  LINEAR {
    @Override
    double at(double distance, double scale, double decay) {
      double zero = scale / (1 - decay);
      return Math.max(0, (zero - distance) / zero);
    }
  },
  /** Falls slowly at first, then fast. */
  GAUSSIAN {
    @Override
    double at(double distance, double scale, double decay) {
      return Math.exp(Math.log(decay) * (distance / scale) * (distance / scale));
    }
  };

  /**
   * The value at a distance.
   *
   * @param distance at least 0, in the unit of {@code scale}, the offset already taken off
   * @param decay between 0 and 1, both excluded
   */
  abstract double at(double distance, double scale, double decay);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
