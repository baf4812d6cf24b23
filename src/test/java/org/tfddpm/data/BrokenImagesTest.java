package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tfddpm.testing.Batches;
import org.tfddpm.testing.TestImages;

/** A folder of twelve images, of which some are broken: named, and replaced for good. */
class BrokenImagesTest {
  private static final int COUNT = 12;
  private static final int BATCH = 5;
  private static final long SEED = 3;
  private static final byte[] TEXT = "no image".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  /** Image i is of the value 10 i. */
  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      Files.write(file(i), png(i));
    }
  }

  @Test
  void namesABrokenImageOnce() throws IOException {
    Files.write(file(7), TEXT);
    try (Batches batches = batches(0)) {
      batches.next(10);
      assertEquals(1, batches.warnings().size());
      assertEquals(
          file(7)
              + " is broken and left out: Unknown image file format. One of JPEG, PNG, GIF, BMP"
              + " required.",
          batches.warnings().get(0));
    }
  }

  @Test
  void namesAnEmptyATruncatedAndAMissingOne() throws IOException {
    Source source = ImageFolder.open(folder.toString());
    Files.write(file(2), new byte[0]);
    byte[] whole = png(5);
    Files.write(file(5), Arrays.copyOf(whole, whole.length - 20));
    Files.delete(file(9));
    try (Batches batches = new Batches(source, Batches.size(2, 2, 1), BATCH, SEED, 0)) {
      batches.next(10);
      assertEquals(
          List.of("02.png", "05.png", "09.png"),
          batches.warnings().stream()
              .map(warning -> warning.substring(0, warning.indexOf(" is broken and left out: ")))
              .map(name -> Path.of(name).getFileName().toString())
              .sorted()
              .toList());
      for (String warning : batches.warnings()) {
        assertEquals(1, warning.lines().count(), warning);
      }
    }
  }

  /** Neighbours, the last one, whose next is the first, and the first, which is tried at once. */
  @Test
  void showsTheNextGoodImageInstead() throws IOException {
    List<Integer> shown = positions();
    for (int broken : new int[] {0, 4, 5, 11}) {
      Files.write(file(broken), TEXT);
    }
    List<Integer> expected =
        shown.stream()
            .map(i -> i == 0 || i == 11 ? Integer.valueOf(1) : i == 4 || i == 5 ? 6 : i)
            .toList();
    assertEquals(expected, positions());
  }

  /** The promise of {@link InputPipeline}: when a broken image was found changes no batch. */
  @Test
  void continuesAsIfNeverInterrupted() throws IOException {
    for (int broken : new int[] {1, 4, 5, 11}) {
      Files.write(file(broken), TEXT);
    }
    try (Batches uninterrupted = batches(0)) {
      for (int step = 0; step < 12; step++) {
        float[] expected = uninterrupted.next();
        try (Batches continued = batches((long) step * BATCH)) {
          assertArrayEquals(expected, continued.next(), "step " + step);
        }
      }
      assertEquals(4, uninterrupted.warnings().size());
    }
  }

  @Test
  void refusesAFolderOfBrokenImages() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      Files.write(file(i), TEXT);
    }
    Source source = ImageFolder.open(folder.toString());
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      assertEquals(
          "data source: none of its 12 images can be read; the first is " + file(0),
          messageOf(
              () ->
                  new InputPipeline(
                      tf,
                      source,
                      Batches.size(2, 2, 1),
                      BATCH,
                      SEED,
                      tf.constant(0L),
                      w -> {},
                      false)));
    }
  }

  @Test
  void refusesToGoOnWhenNoImageIsLeft() throws IOException {
    try (Batches batches = batches(0)) {
      batches.next();
      for (int i = 0; i < COUNT; i++) {
        Files.delete(file(i));
      }
      batches.restart();
      assertEquals(
          "data source: none of its 12 images can be read; the first is " + file(0),
          messageOf(batches::next));
    }
  }

  /** Another failure of a step is not taken for a broken image, nor for one known before. */
  @Test
  void findsABrokenImageOnce() throws IOException {
    Source source = ImageFolder.open(folder.toString());
    List<String> warnings = new ArrayList<>();
    try (BrokenImages broken =
        new BrokenImages((StreamedSource) source, Batches.size(2, 2, 1), SEED, warnings::add)) {
      assertFalse(broken.look(0, 2 * COUNT));
      Files.write(file(7), TEXT);
      assertTrue(broken.look(0, 2 * COUNT));
      assertFalse(broken.look(0, 2 * COUNT));
      assertEquals(1, warnings.size());
      assertEquals(8, broken.replacements()[7]);
    }
  }

  /** Which images are shown at the first positions. */
  private List<Integer> positions() {
    List<Integer> shown = new ArrayList<>();
    try (Batches batches = batches(0)) {
      for (float[] batch : batches.next(12)) {
        for (int i = 0; i < batch.length; i += 4) {
          shown.add(Math.round((batch[i] + 1) * 127.5f) / 10);
        }
      }
    }
    return shown;
  }

  private Batches batches(long from) {
    return new Batches(
        ImageFolder.open(folder.toString()), Batches.size(2, 2, 1), BATCH, SEED, from);
  }

  private static byte[] png(int i) {
    return TestImages.png(2, 2, 1, (y, x, c) -> 10 * i);
  }

  private Path file(int i) {
    return folder.resolve(String.format("%02d.png", i));
  }
}
