package io.github.solrcascade.encoder;

import io.github.solrcascade.encoder.LoadedModel.Inference;
import java.util.function.UnaryOperator;

/** Puts faults between an encoder and its graph. */
public final class Faults {
  private final LoadedModel model;
  private Inference sound;

  /** Of an encoder that is in use. */
  public Faults(Encoder encoder) {
    model = encoder instanceof CrossEncoder cross ? cross.model : ((BiEncoder) encoder).model;
  }

  /** From now on every run goes this way. */
  public void inject(Fault fault) {
    replace(
        graph -> {
          sound = sound == null ? graph : sound;
          return tokens -> {
            Output output = sound.run(tokens);
            float[] values = fault.change(output.values);
            return new Output(output.shape, values);
          };
        });
  }

  /** What becomes of a graph's numbers; may throw. */
  @FunctionalInterface
  public interface Fault {
    float[] change(float[] values);
  }

  /** The graph alone again. */
  public void mend() {
    replace(graph -> sound == null ? graph : sound);
  }

  private void replace(UnaryOperator<Inference> change) {
    model.runThrough(change);
  }
}
