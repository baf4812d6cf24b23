package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.MemorySource;
import org.tfddpm.data.Source;
import org.tfddpm.run.Images;
import org.tfddpm.testing.Batches;
import org.tfddpm.testing.TestImages;

class DataImagesTest {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private Images read(Source source, int count) {
    return DataImages.read(
        source,
        Batches.size(2, 2, 1),
        count,
        warnings::add,
        done -> {},
        ConfigProto.getDefaultInstance());
  }

  @Test
  void bytesComeBackAsTheyWere() {
    byte[] pixels = new byte[4 * 200];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    assertArrayEquals(pixels, read(new MemorySource(pixels, 200, 2, 2, 1), 200).pixels());
  }

  @Test
  void brokenImagesAreLeftOut() throws IOException {
    for (int i = 0; i < 9; i++) {
      int value = 10 * i;
      Files.write(folder.resolve(i + ".png"), TestImages.png(2, 2, 1, (y, x, c) -> value));
    }
    Files.write(folder.resolve("4.png"), new byte[] {1, 2, 3});
    Images images = read(Source.open("folder:" + folder), 9);
    assertEquals(8, images.count());
    assertEquals(1, warnings.size());
    byte[] expected = new byte[32];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (10 * (i / 4 < 4 ? i / 4 : i / 4 + 1));
    }
    assertArrayEquals(expected, images.pixels());
  }

  @Test
  void someAreDrawnInTheSourcesOrder() throws IOException {
    for (int i = 0; i < 20; i++) {
      int value = 10 * i;
      Files.write(
          folder.resolve("file-%02d.png".formatted(i)),
          TestImages.png(2, 2, 1, (y, x, c) -> value));
    }
    Images images = read(Source.open("folder:" + folder), 5);
    int[] drawn = Rows.draw(20, 5);
    Arrays.sort(drawn);
    for (int i = 0; i < 5; i++) {
      assertEquals(10 * drawn[i], images.pixels()[4 * i] & 0xFF);
    }
  }
}
