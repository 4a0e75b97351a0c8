package io.github.solrcascade.budget;

/** Says that a request's time was up before the work was done. Not an error: no stack trace. */
public final class OutOfTime extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Of a deadline, whose words are the message. */
  public OutOfTime(Deadline deadline) {
    this(deadline.toString());
  }

  /** For a reason that responses show. */
  public OutOfTime(String reason) {
    super(reason, null, false, false);
  }
}
