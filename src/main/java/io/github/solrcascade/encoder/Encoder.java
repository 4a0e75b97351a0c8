package io.github.solrcascade.encoder;

/** A transformer with its tokenizer, shared by the whole node. Thread-safe. */
public sealed interface Encoder permits BiEncoder, CrossEncoder {

  /** What it is. */
  Manifest manifest();

  /**
   * Whether it is switched off, since it failed again and again; it is tried again from time to
   * time.
   */
  boolean isSwitchedOff();
}
