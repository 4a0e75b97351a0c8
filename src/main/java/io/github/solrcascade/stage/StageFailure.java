package io.github.solrcascade.stage;

/** Says why a stage cannot rank, in words that responses show as they are. */
public final class StageFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what lies behind it, or null. */
  public StageFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
