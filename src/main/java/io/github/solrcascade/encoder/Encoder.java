package io.github.solrcascade.encoder;

/** A transformer with its tokenizer, shared by the whole node. Thread-safe. */
public sealed interface Encoder permits BiEncoder, CrossEncoder {

  /** What it is. */
  Manifest manifest();
}
