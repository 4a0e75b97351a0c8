package io.github.solrcascade.feature;

import java.util.ArrayList;
import java.util.List;

/**
 * What batch features have to say of the values that they compute, for the response and the
 * metrics. Not thread-safe: one request owns it.
 */
public final class Findings {
  private final List<String> notes = new ArrayList<>();
  private Pairs pairs = Pairs.NONE;

  /** Adds what the response should say, such as that texts were cut. */
  void note(String note) {
    notes.add(note);
  }

  /** Adds pairs that were scored. */
  void scored(int computed, int cached) {
    pairs = pairs.plus(new Pairs(computed, cached));
  }

  /** What the response should say. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The pairs that were scored. */
  public Pairs pairs() {
    return pairs;
  }
}
