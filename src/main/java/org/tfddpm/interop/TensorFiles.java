package org.tfddpm.interop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/** Tensors in files of another program. */
interface TensorFiles extends Closeable {
  /** What messages call them. */
  Path path();

  /** Their names and shapes. */
  Map<String, Shape> shapes();

  /** The values of one of them as float32, in row-major order. */
  float[] read(String name) throws IOException;
}
