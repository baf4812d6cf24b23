package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tfddpm.run.TfRecord;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Batches;
import org.tfddpm.testing.TestImages;

/** Every kind of source holds the same seven images of 4x6 in three channels. */
class InputPipelineTest {
  private static final int COUNT = 7;
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final int CHANNELS = 3;
  private static final int SIZE = HEIGHT * WIDTH * CHANNELS;
  private static final GraphSpec.Image SAME = Batches.size(HEIGHT, WIDTH, CHANNELS);

  @TempDir Path folder;

  private enum Kind {
    MEMORY,
    FOLDER,
    TFRECORD
  }

  @ParameterizedTest
  @EnumSource
  void readsEachPixel(Kind kind) throws IOException {
    try (Batches batches = new Batches(source(kind), SAME, COUNT, 0, 0)) {
      float[] epoch = batches.next();
      for (int image = 0; image < COUNT; image++) {
        int from = image * SIZE;
        int index = index(epoch[from]);
        for (int i = 0; i < SIZE; i++) {
          assertPixel(pixel(index, i), epoch[from + i]);
        }
      }
    }
  }

  /** All 256 values of a byte, at both ends of the range exactly. */
  @Test
  void mapsBytesToMinusOneToOne() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    Source source = new MemorySource(all, 1, 16, 16, 1);
    try (Batches batches = new Batches(source, Batches.size(16, 16, 1), 1, 0, 0)) {
      float[] values = batches.next();
      for (int i = 0; i < 256; i++) {
        assertPixel(i, values[i]);
      }
      assertEquals(-1f, values[0]);
      assertEquals(1f, values[255]);
    }
  }

  /** Batches of 3 of 7 images: 7 batches are 3 epochs, each whole. */
  @ParameterizedTest
  @EnumSource
  void showsEachImageOnceAnEpoch(Kind kind) throws IOException {
    List<Integer> shown = new ArrayList<>();
    try (Batches batches = new Batches(source(kind), SAME, 3, 4, 0)) {
      for (float[] batch : batches.next(7)) {
        assertEquals(3 * SIZE, batch.length);
        for (int i = 0; i < batch.length; i += SIZE) {
          shown.add(index(batch[i]));
        }
      }
    }
    List<Integer> all = IntStream.range(0, COUNT).boxed().toList();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Integer> order = shown.subList(epoch * COUNT, (epoch + 1) * COUNT);
      assertEquals(all, order.stream().sorted().toList(), "epoch " + epoch);
    }
    assertFalse(shown.subList(0, COUNT).equals(shown.subList(COUNT, 2 * COUNT)));
  }

  /** The position is all there is to know: before, inside and after an epoch. */
  @ParameterizedTest
  @EnumSource
  void startsAtAnyPosition(Kind kind) throws IOException {
    Source source = source(kind);
    try (Batches uninterrupted = new Batches(source, SAME, 3, 4, 0)) {
      for (int step = 0; step < 8; step++) {
        assertEquals(3L * step, uninterrupted.position());
        float[] expected = uninterrupted.next();
        try (Batches continued = new Batches(source, SAME, 3, 4, 3L * step)) {
          assertArrayEquals(expected, continued.next(), "step " + step);
        }
      }
    }
  }

  /** What was read ahead is forgotten. */
  @ParameterizedTest
  @EnumSource
  void startsAgainAtThePosition(Kind kind) throws IOException {
    Source source = source(kind);
    try (Batches uninterrupted = new Batches(source, SAME, 3, 4, 0);
        Batches restarted = new Batches(source, SAME, 3, 4, 0)) {
      for (int step = 0; step < 6; step++) {
        restarted.restart();
        assertArrayEquals(uninterrupted.next(), restarted.next(), "step " + step);
      }
    }
  }

  @Test
  void showsTheSameWhereverImagesComeFrom() throws IOException {
    GraphSpec.Image other = Batches.size(3, 5, 1);
    try (Batches memory = new Batches(source(Kind.MEMORY), other, 5, 2, 11);
        Batches files = new Batches(source(Kind.FOLDER), other, 5, 2, 11);
        Batches records = new Batches(source(Kind.TFRECORD), other, 5, 2, 11)) {
      for (int step = 0; step < 4; step++) {
        float[] expected = memory.next();
        assertEquals(5 * 3 * 5, expected.length);
        assertArrayEquals(expected, files.next());
        assertArrayEquals(expected, records.next());
      }
    }
  }

  @Test
  void shufflesByTheSeed() throws IOException {
    try (Batches one = new Batches(source(Kind.MEMORY), SAME, COUNT, 1, 0);
        Batches two = new Batches(source(Kind.MEMORY), SAME, COUNT, 2, 0)) {
      assertFalse(Arrays.equals(one.next(), two.next()));
    }
  }

  @Test
  void makesColoursOfGrey() {
    byte[] grey = {0, 50, 100, (byte) 200};
    Source source = new MemorySource(grey, 1, 2, 2, 1);
    try (Batches batches = new Batches(source, Batches.size(2, 2, 3), 1, 0, 0)) {
      float[] colours = batches.next();
      for (int i = 0; i < 12; i++) {
        assertPixel(grey[i / 3] & 0xFF, colours[i]);
      }
    }
  }

  /** Grey is a whole number before it is scaled, as that of a grey file would be. */
  @Test
  void makesGreyOfColours() throws IOException {
    GraphSpec.Image grey = Batches.size(HEIGHT, WIDTH, 1);
    try (Batches colours = new Batches(source(Kind.MEMORY), SAME, COUNT, 1, 0);
        Batches greys = new Batches(source(Kind.MEMORY), grey, COUNT, 1, 0)) {
      float[] rgb = colours.next();
      float[] values = greys.next();
      for (int i = 0; i < values.length; i++) {
        int index = index(rgb[i / (HEIGHT * WIDTH) * SIZE]);
        int at = i % (HEIGHT * WIDTH) * CHANNELS;
        double luma =
            0.299 * pixel(index, at) + 0.587 * pixel(index, at + 1) + 0.114 * pixel(index, at + 2);
        assertPixel((int) Math.rint(luma), values[i]);
      }
    }
  }

  /**
   * pixel / 127.5 - 1, to two of the last bits of 1: TensorFlow's optimizer multiplies by 1 / 127.5
   * instead.
   */
  private static void assertPixel(int expected, float value) {
    assertEquals(expected / 127.5 - 1, value, 0x1p-22);
  }

  /** Sample i of an image; the first one tells which image it is. */
  private static int pixel(int image, int i) {
    return (30 * image + 13 * i) % 256;
  }

  private static int index(float first) {
    return Math.round((first + 1) * 127.5f) / 30;
  }

  private Source source(Kind kind) throws IOException {
    return switch (kind) {
      case MEMORY -> memory();
      case FOLDER -> folder();
      case TFRECORD -> records();
    };
  }

  private static Source memory() {
    byte[] pixels = new byte[COUNT * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) pixel(i / SIZE, i % SIZE);
    }
    return new MemorySource(pixels, COUNT, HEIGHT, WIDTH, CHANNELS);
  }

  private Source folder() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      Files.write(folder.resolve(i + ".png"), png(i));
    }
    return ImageFolder.open(folder.toString());
  }

  private Source records() throws IOException {
    for (int part = 0; part < 2; part++) {
      try (OutputStream out = Files.newOutputStream(folder.resolve("part-" + part))) {
        for (int i = part * 4; i < Math.min(COUNT, part * 4 + 4); i++) {
          BytesList bytes = BytesList.newBuilder().addValue(ByteString.copyFrom(png(i))).build();
          Example.Builder example = Example.newBuilder();
          example
              .getFeaturesBuilder()
              .putFeature("image/encoded", Feature.newBuilder().setBytesList(bytes).build());
          TfRecord.write(out, example.build().toByteArray());
        }
      }
    }
    return TfRecords.open(folder + "/part-*");
  }

  private static byte[] png(int image) {
    return TestImages.png(
        HEIGHT, WIDTH, CHANNELS, (y, x, c) -> pixel(image, (y * WIDTH + x) * CHANNELS + c));
  }
}
