package io.github.solrcascade.encoder;

/** What a model does. */
public enum Task {
  /** One text to one vector. */
  BI_ENCODER("bi-encoder"),
  /** A query and a document to one number. */
  CROSS_ENCODER("cross-encoder"),
  /** One text to a vector for each of its tokens. */
  LATE_INTERACTION("late-interaction");

  private final String label;

  Task(String label) {
    this.label = label;
  }

  /** The task's name in {@code model.json}. */
  public String label() {
    return label;
  }
}
