package org.tfddpm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** Tensors as plain arrays, and back. */
public final class Floats {
  private Floats() {}

  /** The values of a float32 tensor, in row-major order. */
  public static float[] of(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().size()];
    ((TFloat32) tensor).copyTo(DataBuffers.of(values, false, false));
    return values;
  }

  /** The values of a uint8 tensor, 0 ... 255. */
  public static int[] ofBytes(Tensor tensor) {
    byte[] bytes = new byte[(int) tensor.shape().size()];
    ((TUint8) tensor).copyTo(DataBuffers.of(bytes, false, false));
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return values;
  }

  /** The values of an int32 tensor. */
  public static int[] ints(Tensor tensor) {
    int[] values = new int[(int) tensor.shape().size()];
    ((TInt32) tensor).copyTo(DataBuffers.of(values, false, false));
    return values;
  }

  /** A float32 tensor. */
  public static TFloat32 tensor(float[] values, long... shape) {
    return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values, true, false));
  }

  /** The largest difference between two arrays of one length. */
  public static double largestDifference(float[] a, float[] b) {
    assertEquals(a.length, b.length);
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs((double) a[i] - b[i]);
      // NaN is the largest of all.
      largest = difference <= largest ? largest : difference;
    }
    return largest;
  }
}
