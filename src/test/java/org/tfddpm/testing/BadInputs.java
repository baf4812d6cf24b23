package org.tfddpm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;
import org.tfddpm.spec.BadInput;

/** What users are told of bad input. */
public final class BadInputs {
  private BadInputs() {}

  /** The message of the BadInput that this throws: one line without a full stop. */
  public static String messageOf(Executable run) {
    String message = Objects.requireNonNull(assertThrows(BadInput.class, run).getMessage());
    assertEquals(1, message.lines().count(), message);
    assertEquals(message.strip(), message);
    return message;
  }
}
