package io.github.solrcascade.encoder;

import io.github.solrcascade.budget.RecentValues;
import io.github.solrcascade.encoder.Manifest.Speed;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a run of a model takes, text to number, by the length of its text: a line over its tokens,
 * known when the model is loaded, times what runs took of late in parts of that line. So the first
 * request's estimate is as good as the machine is like the one that measured, and the later ones'
 * are this machine's, under its load of now. Thread-safe.
 */
final class RunCost {
  private static final int KEPT = 256;

  /** For how many runs the line itself counts, until this many were seen. */
  private static final int PRIOR = 8;

  /** How much a model that was refused forgets. */
  private static final double FORGOTTEN = 0.8;

  /** About right for words in Latin letters; what it is wrong by, the parts of the line make up. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** Special tokens. */
  private static final int LEAST_TOKENS = 3;

  private final Speed line;
  private final RecentValues parts = new RecentValues(KEPT);
  private final RecentValues nanos = new RecentValues(KEPT);
  private final LongAdder runs = new LongAdder();

  RunCost(Speed line) {
    this.line = line;
    for (int i = 0; i < PRIOR; i++) {
      parts.add(1);
    }
  }

  private double onLine(int characters, int maxTokens) {
    int tokens = Math.min(maxTokens, LEAST_TOKENS + characters / CHARACTERS_PER_TOKEN);
    return Math.max(1, 1e6 * (line.ms() + line.tokenMs() * tokens));
  }

  /** Tells what a text of so many characters took, that was cut at so many tokens. */
  void add(int characters, int maxTokens, long took) {
    parts.add(took / onLine(characters, maxTokens));
    nanos.add((double) took);
    runs.increment();
  }

  /**
   * What a run may be expected to take, in nanoseconds, at the mean over texts of so many
   * characters: half of such runs do not exceed it.
   */
  long estimate(int[] characters, int maxTokens) {
    double line =
        Arrays.stream(characters).mapToDouble(c -> onLine(c, maxTokens)).average().orElse(0);
    return (long) (parts.quantile(0.5) * line);
  }

  /** How many there were. */
  long runs() {
    return runs.sum();
  }

  /** Says that a run was refused for what it seems to take, so that it is tried before long. */
  void forget() {
    parts.scale(FORGOTTEN);
  }

  /** The milliseconds that so large a part of the last runs did not exceed; 0 before the first. */
  double millis(double part) {
    return nanos.quantile(part) / 1e6;
  }
}
