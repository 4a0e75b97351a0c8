package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;

/** A transformer with its tokenizer, shared by the whole node. Thread-safe. */
public sealed interface Encoder permits LoadedEncoder {

  /** What it is. */
  Manifest manifest();

  /**
   * Whether it is switched off, since it failed again and again; it is tried again from time to
   * time.
   */
  boolean isSwitchedOff();

  /**
   * Runs the known input that it ran when it was loaded, past the cache, in its turn.
   *
   * @return how long that took, in nanoseconds
   * @throws EncoderException if it is switched off, breaks or gives another answer than then
   * @throws OutOfTime if the deadline passes before
   */
  long check(Deadline deadline);

  /** How it fares. */
  EncoderStatistics statistics();
}
