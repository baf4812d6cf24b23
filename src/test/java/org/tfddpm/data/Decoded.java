package org.tfddpm.data;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TUint8;
import org.tfddpm.testing.Floats;

/** One image of a streamed source as it comes out of its file. */
record Decoded(Shape shape, List<Integer> pixels) {
  static Decoded of(StreamedSource source, long index) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TUint8> image = source.read(tf, tf.constant(index), source.arguments(tf));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(image).run()) {
        int[] values = Floats.ofBytes(result.get(0));
        return new Decoded(result.get(0).shape(), java.util.Arrays.stream(values).boxed().toList());
      }
    }
  }
}
