package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocaleTest {
  @TempDir Path folder;

  /** In Arabic, Java would write other digits: in messages, and in the names of checkpoints. */
  @Test
  void writesTheSameDigitsInEveryCountry() throws IOException, InterruptedException {
    byte[] threeImagesButAByte = new byte[16 + 3 * 2 * 4 - 1];
    byte[] header = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4};
    System.arraycopy(header, 0, threeImagesButAByte, 0, header.length);
    Path file = Files.write(folder.resolve("train-images-idx3-ubyte"), threeImagesButAByte);
    Process tfddpm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "--data",
                "idx:" + folder)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader errors = tfddpm.errorReader(StandardCharsets.UTF_8)) {
      assertEquals(
          "tfddpm: "
              + file
              + ": holds 23 bytes of pixels where 3 images of 2x4 have 24; it is cut short",
          errors.readLine());
    }
    assertEquals(Main.USAGE, tfddpm.waitFor());
  }
}
