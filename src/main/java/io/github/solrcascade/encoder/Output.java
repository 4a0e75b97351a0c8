package io.github.solrcascade.encoder;

/** What a graph answers for one text or pair. The arrays are not changed. */
final class Output {
  /** The axes' lengths, the batch's first. */
  final long[] shape;

  /** The numbers, the last axis running fastest. */
  final float[] values;

  Output(long[] shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  /** The length of the last axis. */
  int width() {
    return (int) shape[shape.length - 1];
  }
}
