package io.github.solrcascade.encoder;

import java.nio.file.Path;

/** A model folder that cannot be used, or a model that broke while it ran. */
public final class EncoderException extends RuntimeException {

  EncoderException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A message of the form {@code file: found, rule}. */
  static EncoderException at(Path file, String found, String rule) {
    return new EncoderException(file + ": " + found + ", " + rule, null);
  }
}
