package org.tfddpm.spec;

/**
 * Input that its giver can mend: a flag, a field or a file. The message is the one line the user
 * reads: what it is, its value, and what is allowed.
 */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A line without full stop. */
  public BadInput(String message) {
    super(message);
  }

  /** A line without full stop, and what it comes from. */
  public BadInput(String message, Throwable cause) {
    super(message, cause);
  }
}
