package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.Deadline;
import io.github.solrcascade.budget.OutOfTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What an encoder answered to one input when it was loaded, and must answer as long as it lives: a
 * run depends on its input alone. Thread-safe.
 */
final class KnownAnswer {
  private final LoadedModel model;
  private final int characters;
  private final Supplier<float[]> run;
  private final float[] known;

  /**
   * Runs the input once, here.
   *
   * @param run gives the answer to an input of so many characters
   */
  KnownAnswer(LoadedModel model, int characters, Supplier<float[]> run) {
    this.model = model;
    this.characters = characters;
    this.run = run;
    this.known = run.get();
  }

  /**
   * Runs it again, on a worker.
   *
   * @return how long that took, waiting included, in nanoseconds
   * @throws EncoderException if the model is switched off, breaks or answers otherwise
   * @throws OutOfTime if the deadline passes before
   */
  long check(Deadline deadline) {
    long start = System.nanoTime();
    float[][] found = new float[1][];
    int[] input = {characters};
    int maxTokens = model.manifest().maxTokens();
    model.runAll(input, maxTokens, Long.MAX_VALUE, n -> found[n] = run.get(), deadline);
    if (found[0] == null) {
      throw new OutOfTime(deadline);
    }
    if (!Arrays.equals(found[0], known)) {
      throw new EncoderException(
          String.format(
              Locale.ROOT,
              "model '%s' answers %s where it answered %s when it was loaded",
              model.manifest().name(),
              beginning(found[0]),
              beginning(known)),
          null);
    }
    return System.nanoTime() - start;
  }

  private static String beginning(float[] answer) {
    return Arrays.toString(Arrays.copyOf(answer, Math.min(4, answer.length)));
  }
}
