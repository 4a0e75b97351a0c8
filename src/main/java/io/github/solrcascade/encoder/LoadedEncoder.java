package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import java.util.function.Supplier;

/** An encoder whose model is loaded and was tried. Thread-safe. */
abstract sealed class LoadedEncoder implements Encoder permits CrossEncoder, TextEncoder {
  final LoadedModel model;
  private KnownAnswer known;

  LoadedEncoder(LoadedModel model) {
    this.model = model;
  }

  /**
   * Runs a known input, as every later {@link #check} will; constructors end with it.
   *
   * @param characters of the input
   */
  final void remember(int characters, Supplier<float[]> run) {
    known = new KnownAnswer(model, characters, run);
  }

  @Override
  public final Manifest manifest() {
    return model.manifest();
  }

  @Override
  public final boolean isSwitchedOff() {
    return model.isSwitchedOff();
  }

  @Override
  public final long check(Deadline deadline) {
    return known.check(deadline);
  }

  @Override
  public final EncoderStatistics statistics() {
    return model.statistics();
  }
}
