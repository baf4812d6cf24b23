package org.tfddpm.testing;

import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Runs expressions in a graph of their own. */
public final class Graphs {
  private Graphs() {}

  /** The values of a float32 expression. */
  public static float[] run(Function<Ops, ? extends Operand<TFloat32>> expression) {
    try (Graph graph = new Graph()) {
      Operand<TFloat32> value = expression.apply(Ops.create(graph));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(value.asOutput()).run()) {
        return Floats.of(result.get(0));
      }
    }
  }
}
