package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands that make pictures of 8x8 with runs of a folder. */
final class PictureCommands {
  private static final int HEADER = 128;
  private static final int IMAGE = 8 * 8;

  private final CommandLine line = new CommandLine();
  private final Path folder;

  PictureCommands(Path folder) {
    this.folder = folder;
  }

  /** The pixels that a command makes, [N,8,8,1]. */
  byte[] pixels(String command, String run, String flags) throws IOException {
    Path file = folder.resolve("pixels.npy");
    succeed(command, run, flags, file.toString());
    assertEquals(file + "\n", line.out());
    byte[] npy = Files.readAllBytes(file);
    return Arrays.copyOfRange(npy, HEADER, npy.length);
  }

  void succeed(String command, String run, String flags, String out) {
    line.succeed(words(command, run, flags, out));
  }

  /** A command ends with exit 2 and this line, and writes nothing. */
  void refuses(String command, String run, String flags, String message) {
    Path file = folder.resolve("refused.npy");
    assertEquals(2, line.run(words(command, run, flags, file.toString())));
    assertEquals("tfddpm: " + message + "\n", line.err());
    assertFalse(Files.exists(file));
  }

  /** One of the pictures. */
  static byte[] row(byte[] pixels, int i) {
    return Arrays.copyOfRange(pixels, i * IMAGE, (i + 1) * IMAGE);
  }

  private List<String> words(String name, String run, String flags, String out) {
    List<String> command = new ArrayList<>(List.of(name, "--run", folder.resolve(run).toString()));
    command.addAll(List.of("--out", out, "--force", "--device", "cpu"));
    command.addAll(flags.isEmpty() ? List.of() : List.of(flags.split(" ")));
    return command;
  }
}
