package io.github.solrcascade.encoder;

import io.github.solrcascade.encoder.Manifest.ProjectionSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** An affine map from a graph's vectors, of length 1, to shorter ones. Thread-safe. */
final class Projection {
  /** What each number of a vector is multiplied with, and, last, what is added. */
  private final float[][] rows;

  private Projection(float[][] rows) {
    this.rows = rows;
  }

  /**
   * Reads a matrix of little-endian floats: a row for each of the graph's dimensions, and one more
   * that is added.
   *
   * @param width the graph's dimensions
   * @throws EncoderException if the file has not as many numbers
   */
  static Projection read(Path folder, ProjectionSpec spec, int width) {
    Path file = folder.resolve(spec.file());
    FloatBuffer numbers = numbers(file);
    int rowCount = width + 1;
    if (numbers.remaining() != rowCount * spec.dimensions()) {
      throw EncoderException.at(
          file,
          numbers.remaining() + " floats",
          String.format(
              Locale.ROOT,
              "must be %d rows, one more than the graph's dimensions, of %d",
              rowCount,
              spec.dimensions()));
    }
    float[][] rows = new float[rowCount][spec.dimensions()];
    for (float[] row : rows) {
      numbers.get(row);
    }
    return new Projection(rows);
  }

  private static FloatBuffer numbers(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    } catch (IOException e) {
      throw new EncoderException(file + ": cannot be read", e);
    }
  }

  /** The vector's image. */
  float[] of(float[] vector) {
    float[] image = rows[vector.length].clone();
    for (int i = 0; i < vector.length; i++) {
      // Row by row: no sum waits for the one before, so the JIT takes many numbers at a time.
      float factor = vector[i];
      float[] row = rows[i];
      for (int d = 0; d < image.length; d++) {
        image[d] += factor * row[d];
      }
    }
    return image;
  }
}
