package org.tfddpm.train;

/** Training cannot go on. What it had saved before is still there. */
public final class TrainingFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The one line the user reads. */
  public TrainingFailed(String message) {
    super(message);
  }

  /** The one line the user reads, and what it comes from. */
  public TrainingFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
