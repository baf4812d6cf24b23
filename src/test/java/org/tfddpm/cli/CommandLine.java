package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands in this process and keeps what they said. */
final class CommandLine {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Runs a command and gives its exit status. */
  int run(List<String> arguments) {
    out.reset();
    err.reset();
    return Main.run(
        arguments,
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false));
  }

  /** Runs a command that must succeed and gives what it printed. */
  String succeed(List<String> arguments) {
    assertEquals(0, run(arguments), this::err);
    return out();
  }

  /** What the last one printed. */
  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What it complained of. */
  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
