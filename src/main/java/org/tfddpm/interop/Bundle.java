package org.tfddpm.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tfddpm.spec.BadInput;

/** A checkpoint in TensorFlow's format: PREFIX.index and PREFIX.data-*, read by TensorFlow. */
final class Bundle implements TensorFiles {
  private final Path prefix;
  private final Map<String, Shape> shapes;
  private final Graph graph = new Graph();
  private final Placeholder<TString> wanted;
  private final Output<?> value;
  private final Session session;

  /** Of the tensors that an index tells of those that are float32. */
  static Map<String, Shape> shapes(Path prefix) throws IOException {
    Path index = prefix.resolveSibling(prefix.getFileName() + ".index");
    if (!Files.isRegularFile(index)) {
      throw new BadInput(prefix + ": no checkpoint, there is no " + index);
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    new BundleIndex(index, Files.readAllBytes(index))
        .entries()
        .forEach(
            (name, entry) -> {
              if (entry.getDtype() == DataType.DT_FLOAT) {
                shapes.put(name, shape(entry.getShape()));
              }
            });
    return shapes;
  }

  private static Shape shape(TensorShapeProto shape) {
    return Shape.of(shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray());
  }

  /** Opens a checkpoint of which the index is known. */
  Bundle(Path prefix, Map<String, Shape> shapes) {
    this.prefix = prefix;
    this.shapes = shapes;
    Ops tf = Ops.create(graph);
    wanted = tf.placeholder(TString.class, Placeholder.shape(Shape.of(1)));
    value =
        tf.train
            .restore(tf.constant(prefix.toString()), wanted, tf.array(""), List.of(TFloat32.class))
            .tensors()
            .get(0);
    session = new Session(graph);
  }

  @Override
  public Path path() {
    return prefix;
  }

  @Override
  public Map<String, Shape> shapes() {
    return shapes;
  }

  @Override
  public float[] read(String name) throws IOException {
    try (TString fed = TString.vectorOf(name);
        Result result = session.runner().feed(wanted, fed).fetch(value).run()) {
      float[] values = new float[(int) result.get(0).shape().size()];
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
      return values;
    } catch (RuntimeException e) {
      throw new BadInput(prefix + ": " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
