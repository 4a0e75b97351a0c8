package io.github.solrcascade.demo;

/** A failure that the user can mend; its message is all that is printed. */
public final class DemoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the place, the value and what it should have been. */
  public DemoException(String message) {
    super(message);
  }

  /** The same, for one that came to light elsewhere. */
  public DemoException(String message, Throwable cause) {
    super(message, cause);
  }
}
