package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.data.LabelledImages.COUNT;
import static org.tfddpm.data.LabelledImages.SIZE;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Batches;

class OrderedReaderTest {
  private static final GraphSpec.Image SAME =
      Batches.size(LabelledImages.HEIGHT, LabelledImages.WIDTH, 3);

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void readsEachImageOnceInOrder(LabelledImages kind) throws IOException {
    // Files are sorted by their classes.
    int[] order =
        kind == LabelledImages.FOLDER
            ? new int[] {1, 4, 2, 3, 6, 0, 5}
            : new int[] {0, 1, 2, 3, 4, 5, 6};
    try (OrderedReader reader = reader(kind.in(folder), SAME, 3)) {
      assertEquals(COUNT, reader.count());
      for (int from = 0; from < COUNT; from += 3) {
        int[] expected = Arrays.copyOfRange(order, from, Math.min(COUNT, from + 3));
        assertBatch(expected, reader.next().orElseThrow());
      }
      assertEquals(Optional.empty(), reader.next());
      assertEquals(Optional.empty(), reader.next());
    }
    assertEquals(List.of(), warnings);
  }

  /** Of another size and in grey: what training sees, whatever the size of the batches. */
  @ParameterizedTest
  @EnumSource
  void fitsImagesAsTrainingDoes(LabelledImages kind) throws IOException {
    Source source = kind.in(folder);
    GraphSpec.Image other = Batches.size(3, 5, 1);
    List<float[]> read = new ArrayList<>();
    try (OrderedReader reader = reader(source, other, 2)) {
      for (Optional<OrderedReader.Batch> b = reader.next(); b.isPresent(); b = reader.next()) {
        for (int i = 0; i < b.orElseThrow().n(); i++) {
          read.add(Arrays.copyOfRange(b.orElseThrow().images(), 15 * i, 15 * i + 15));
        }
      }
    }
    try (Batches batches = new Batches(source, other, 1, 0, 0)) {
      List<float[]> trained = batches.next(COUNT);
      read.sort(Arrays::compare);
      trained.sort(Arrays::compare);
      assertEquals(COUNT, read.size());
      for (int i = 0; i < COUNT; i++) {
        assertArrayEquals(trained.get(i), read.get(i), 0x1p-22f);
      }
    }
  }

  @Test
  void givesNoLabelsWhereThereAreNone() {
    try (OrderedReader reader =
        reader(new MemorySource(new byte[] {0, 127, -1}, 3, 1, 1, 1), Batches.size(1, 1, 1), 5)) {
      OrderedReader.Batch batch = reader.next().orElseThrow();
      assertEquals(3, batch.n());
      assertArrayEquals(new int[0], batch.labels());
      assertArrayEquals(new float[] {-1, 127 / 127.5f - 1, 1}, batch.images(), 0x1p-22f);
    }
  }

  /** The first, the last and two neighbours; the labels are those of the images that are left. */
  @Test
  void leavesOutBrokenImages() throws IOException {
    Source source = LabelledImages.FOLDER.in(folder);
    for (int broken : new int[] {1, 2, 3, 5}) {
      Files.writeString(LabelledImages.file(folder, broken), "no image");
    }
    try (OrderedReader reader = reader(source, SAME, 2)) {
      assertEquals(COUNT, reader.count());
      assertBatch(new int[] {4, 6}, reader.next().orElseThrow());
      assertBatch(new int[] {0}, reader.next().orElseThrow());
      assertEquals(Optional.empty(), reader.next());
    }
    assertEquals(4, warnings.size());
    assertEquals(
        LabelledImages.file(folder, 1)
            + " is broken and left out: Unknown image file format. One of JPEG, PNG, GIF, BMP"
            + " required.",
        warnings.get(0));
  }

  @Test
  void refusesAFolderOfBrokenImages() throws IOException {
    Source source = LabelledImages.FOLDER.in(folder);
    for (int i = 0; i < COUNT; i++) {
      Files.writeString(LabelledImages.file(folder, i), "no image");
    }
    try (OrderedReader reader = reader(source, SAME, 2)) {
      assertEquals(
          "data source: none of its 7 images can be read; the first is "
              + LabelledImages.file(folder, 1),
          messageOf(reader::next));
    }
    assertEquals(COUNT, warnings.size());
  }

  private OrderedReader reader(Source source, GraphSpec.Image size, int batch) {
    return new OrderedReader(source, size, batch, warnings::add, ConfigProto.getDefaultInstance());
  }

  private static void assertBatch(int[] images, OrderedReader.Batch batch) {
    assertEquals(images.length, batch.n());
    assertEquals(images.length * SIZE, batch.images().length);
    for (int i = 0; i < batch.images().length; i++) {
      int expected = LabelledImages.pixel(images[i / SIZE], i % SIZE);
      assertEquals(expected / 127.5 - 1, batch.images()[i], 0x1p-22, "sample " + i);
    }
    assertArrayEquals(Arrays.stream(images).map(LabelledImages::label).toArray(), batch.labels());
  }
}
