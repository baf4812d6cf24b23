package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.spec.GraphSpec;

class NpyFileTest {
  private static final GraphSpec.Image SIZE =
      GraphSpec.Image.newBuilder().setHeight(1).setWidth(2).setChannels(1).build();
  private static final float[] VALUES = {1, -0.5f, 3e-7f, 4};

  private Path file;

  @BeforeEach
  void name(@TempDir Path folder) {
    file = folder.resolve("a.npy");
  }

  @Test
  void readsWhatNpyWrites() throws IOException {
    assertArrayEquals(VALUES, read(Npy.of(VALUES, 2, 1, 2, 1)).floats(SIZE));
    byte[] pixels = {1, -2, 3, 4};
    assertArrayEquals(pixels, read(Npy.of(new Images(pixels, 1, 2, 1))).images(SIZE).pixels());
  }

  /** The later versions, which NumPy writes where headers are long. */
  @Test
  void readsLongHeaders() throws IOException {
    byte[] one = Npy.of(VALUES, 2, 1, 2, 1);
    byte[] two = new byte[one.length + 2];
    System.arraycopy(one, 0, two, 0, 10);
    System.arraycopy(one, 10, two, 12, one.length - 10);
    two[6] = 2;
    assertArrayEquals(VALUES, read(two).floats(SIZE));
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws IOException {
    byte[] good = Npy.of(VALUES, 2, 1, 2, 1);
    refuses("no such file", null);
    refuses("no .npy file", "not at all".getBytes(StandardCharsets.UTF_8));
    refuses("no .npy file", new byte[0]);
    refuses("broken: it ends within its header", Arrays.copyOf(good, 40));
    refuses("broken: 15 bytes of values, not 16", Arrays.copyOf(good, good.length - 1));
    refuses("allowed is an array of numbers in C order", replaced(good, "False", "True "));
    refuses(
        "value 1 is NaN: allowed are finite ones", Npy.of(new float[] {1, Float.NaN}, 1, 1, 2, 1));
    String allowed = "allowed is float32 [N,1,2,1], N at least 1";
    refuses("<f8 [2, 1, 2, 1]: " + allowed, replaced(good, "<f4", "<f8"));
    refuses("<f4 [1, 4, 1, 1]: " + allowed, Npy.of(VALUES, 1, 4, 1, 1));
    refuses("<f4 [2, 2]: " + allowed, Npy.of(VALUES, 2, 2));
    refuses("<f4 [0, 1, 2, 1]: " + allowed, Npy.of(new float[0], 0, 1, 2, 1));
    assertEquals(
        "--noise " + file + ": <f4 [2, 1, 2, 1]: allowed is uint8 [N,1,2,1], N at least 1",
        messageOf(() -> read(good).images(SIZE)));
  }

  private void refuses(String message, byte @Nullable [] content) {
    assertEquals(
        "--noise " + file + ": " + message,
        messageOf(
            () -> (content == null ? NpyFile.read("--noise", file) : read(content)).floats(SIZE)));
  }

  private NpyFile read(byte[] content) throws IOException {
    Files.write(file, content);
    return NpyFile.read("--noise", file);
  }

  private static byte[] replaced(byte[] file, String text, String by) {
    return new String(file, StandardCharsets.ISO_8859_1)
        .replace(text, by)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
