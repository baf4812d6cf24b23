package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Batches;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.TestImages.Pixels;

class FitTest {
  /** Rounding, and the float32 weights' own error. */
  private static final double ROUNDED = 0.5 + 1e-3;

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void keepsAnImageOfTheRightSize(int channels) {
    Pixels pixels = noise(5, 9, channels);
    assertArrayEquals(
        floats(TestImages.array(5, 9, channels, pixels)), fit(5, 9, channels, pixels, 5, 9));
  }

  /** 0.299 R + 0.587 G + 0.114 B, to whole numbers. */
  @Test
  void makesGreyOfColours() {
    int[][] colours = {
      {255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}, {10, 20, 30}, {200, 100, 50}
    };
    float[] grey = fit(1, 6, 3, (y, x, c) -> colours[x][c], 1, 6, 1);
    assertArrayEquals(new float[] {76, 150, 29, 255, 18, 124}, grey);
  }

  @Test
  void makesColoursOfGrey() {
    float[] colours = fit(2, 3, 1, (y, x, c) -> 40 * (3 * y + x), 2, 3, 3);
    for (int i = 0; i < colours.length; i++) {
      assertEquals(i / 3 * 40, colours[i]);
    }
  }

  @Test
  void dropsAlpha() {
    Pixels colours = noise(4, 4, 4);
    assertArrayEquals(fit(4, 4, 3, colours, 4, 4, 3), fit(4, 4, 4, colours, 4, 4, 3));
    assertArrayEquals(fit(4, 4, 3, colours, 4, 4, 1), fit(4, 4, 4, colours, 4, 4, 1));
    Pixels grey = noise(4, 4, 2);
    assertArrayEquals(fit(4, 4, 1, grey, 4, 4, 1), fit(4, 4, 2, grey, 4, 4, 1));
    assertArrayEquals(fit(4, 4, 1, grey, 4, 4, 3), fit(4, 4, 2, grey, 4, 4, 3));
  }

  /** Also where a size is known when the graph is built, as of images in memory. */
  @ParameterizedTest
  @CsvSource({"6,8,1,1", "6,8,1,3", "6,8,3,1", "6,8,3,3", "4,9,3,1", "9,4,1,3", "4,4,3,1"})
  void knowsOrLearnsTheSize(int height, int width, int from, int to) {
    Pixels pixels = noise(height, width, from);
    assertArrayEquals(
        fit(height, width, from, pixels, 4, 4, to),
        fit(
            Shape.of(-1, height, width, from),
            Shape.of(1, height, width, from),
            TestImages.array(height, width, from, pixels),
            Batches.size(4, 4, to)));
  }

  /** Halves, thirds, odd ratios, wide and tall, and enlargements. */
  @ParameterizedTest
  @CsvSource({
    "16,16,8,8",
    "24,24,8,8",
    "17,23,8,8",
    "31,9,8,8",
    "9,40,8,8",
    "100,75,28,28",
    "64,64,16,32",
    "5,5,8,8",
    "3,7,8,12",
    "8,16,16,8",
    "218,178,64,64",
    "1,1,4,4",
    "2,300,4,4"
  })
  void filtersAsItSays(int height, int width, int toHeight, int toWidth) {
    Pixels pixels = noise(height, width, 1);
    assertClose(
        filtered(height, width, pixels, toHeight, toWidth),
        fit(height, width, 1, pixels, toHeight, toWidth, 1),
        ROUNDED);
  }

  /** Without a filter as wide as a pixel of the result, it would be all black or all white. */
  @Test
  void averagesAChequerboard() {
    Pixels board = (y, x, c) -> (x + y) % 2 * 255;
    float[] grey = fit(32, 32, 1, board, 16, 16);
    assertClose(filtered(32, 32, board, 16, 16), grey, ROUNDED);
    for (int y = 1; y < 15; y++) {
      for (int x = 1; x < 15; x++) {
        assertEquals(127.5, grey[16 * y + x], 0.51);
      }
    }
  }

  @Test
  void keepsAGradient() {
    float[] ramp = fit(32, 64, 1, (y, x, c) -> 4 * x, 8, 16);
    for (int y = 0; y < 8; y++) {
      for (int x = 1; x < 15; x++) {
        assertEquals(4 * (4 * x + 1.5), ramp[16 * y + x], 0.5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,8,8", "3,5,16,16", "7,7,8,8", "40,30,8,8", "8,8,8,8"})
  void keepsAConstant(int height, int width, int toHeight, int toWidth) {
    float[] constant = new float[toHeight * toWidth];
    Arrays.fill(constant, 201);
    assertArrayEquals(constant, fit(height, width, 1, (y, x, c) -> 201, toHeight, toWidth));
  }

  /** A stripe in the middle of twice its width is all that is left; one at an end is gone. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void cropsAroundTheCentre(boolean wide) {
    for (int begin : new int[] {0, 8, 16}) {
      Pixels stripe =
          (y, x, c) -> ((wide ? x : y) >= begin && (wide ? x : y) < begin + 16 ? 255 : 0);
      float[] cropped = wide ? fit(16, 32, 1, stripe, 16, 16) : fit(32, 16, 1, stripe, 16, 16);
      for (int i = 0; i < cropped.length; i++) {
        int place = 8 + (wide ? i % 16 : i / 16);
        assertEquals(place >= begin && place < begin + 16 ? 255 : 0, cropped[i]);
      }
    }
  }

  /** Where nothing is scaled, pixels stay as they are, also if an odd number is cut off. */
  @Test
  void cropsWholePixels() {
    for (int width : new int[] {9, 10, 11, 13}) {
      float[] cropped = fit(8, width, 1, (y, x, c) -> 17 * x % 255, 8, 8);
      int left = Math.round(cropped[0] / 17);
      assertEquals((width - 8) / 2.0, left, 0.5, "of " + width);
      for (int i = 0; i < cropped.length; i++) {
        assertEquals(17 * (left + i % 8) % 255, cropped[i], "of " + width);
      }
    }
  }

  @Test
  void fitsEachImageOfABatch() {
    Pixels pixels = noise(24, 6, 1);
    float[] together =
        fit(
            Shape.of(-1, 12, 6, 1),
            Shape.of(2, 12, 6, 1),
            TestImages.array(24, 6, 1, pixels),
            Batches.size(4, 4, 1));
    float[] second = fit(12, 6, 1, (y, x, c) -> pixels.at(12 + y, x, c), 4, 4);
    assertArrayEquals(second, Arrays.copyOfRange(together, 16, 32));
  }

  /**
   * The image scaled to cover and cropped to whole pixels, in doubles. Pixel i of the result is the
   * mean of all pixels j weighted by max(0, 1 - |j + 1/2 - centre| / support), centre = (i + 1/2 +
   * cut) / scale, support = max(1, 1 / scale).
   */
  private static double[] filtered(
      int height, int width, Pixels pixels, int toHeight, int toWidth) {
    double scale = Math.max((double) toHeight / height, (double) toWidth / width);
    double[][] rows = weights(height, toHeight, scale);
    double[][] columns = weights(width, toWidth, scale);
    double[] result = new double[toHeight * toWidth];
    for (int i = 0; i < result.length; i++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          result[i] += rows[i / toWidth][y] * columns[i % toWidth][x] * pixels.at(y, x, 0);
        }
      }
    }
    return result;
  }

  private static double[][] weights(int from, int to, double scale) {
    double cut = Math.rint((from * scale - to) / 2);
    double support = Math.max(1, 1 / scale);
    double[][] weights = new double[to][from];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5 + cut) / scale;
      for (int j = 0; j < from; j++) {
        weights[i][j] = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / support);
      }
      double sum = Arrays.stream(weights[i]).sum();
      for (int j = 0; j < from; j++) {
        weights[i][j] /= sum;
      }
    }
    return weights;
  }

  private static float[] fit(
      int height, int width, int channels, Pixels pixels, int toHeight, int toWidth) {
    return fit(height, width, channels, pixels, toHeight, toWidth, channels);
  }

  private static float[] fit(
      int height, int width, int channels, Pixels pixels, int toHeight, int toWidth, int to) {
    return fit(
        Shape.of(-1, -1, -1, -1),
        Shape.of(1, height, width, channels),
        TestImages.array(height, width, channels, pixels),
        Batches.size(toHeight, toWidth, to));
  }

  /** Some images of a shape of which this is known when the graph is built. */
  private static float[] fit(Shape known, Shape shape, int[] pixels, GraphSpec.Image to) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    try (Graph graph = new Graph();
        TUint8 fed = TUint8.tensorOf(shape, DataBuffers.of(bytes, true, false))) {
      Ops tf = Ops.create(graph);
      Placeholder<TUint8> images = tf.placeholder(TUint8.class, Placeholder.shape(known));
      Operand<TFloat32> fitted = Fit.fit(tf, images, to);
      try (Session session = new Session(graph);
          Result result = session.runner().feed(images, fed).fetch(fitted).run()) {
        assertEquals(
            Shape.of(shape.get(0), to.getHeight(), to.getWidth(), to.getChannels()),
            result.get(0).shape());
        return Floats.of(result.get(0));
      }
    }
  }

  private static void assertClose(double[] expected, float[] given, double tolerance) {
    assertEquals(expected.length, given.length);
    for (int i = 0; i < given.length; i++) {
      assertEquals(Math.rint(given[i]), given[i], "a whole number");
      assertEquals(expected[i], given[i], tolerance, "value " + i);
    }
  }

  /** Values that do not hang together, the same at every call. */
  private static Pixels noise(int height, int width, int channels) {
    Random random = new Random(7);
    int[] values = random.ints((long) height * width * channels, 0, 256).toArray();
    return (y, x, c) -> values[(y * width + x) * channels + c];
  }

  private static float[] floats(int[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
