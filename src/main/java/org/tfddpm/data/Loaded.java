package org.tfddpm.data;

import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TType;

/**
 * A tensor that is handed to the graph before training starts, and stays there: too large for a
 * constant, which is copied with the graph's definition several times.
 */
final class Loaded<T extends TType> {
  private final Placeholder<T> fed;
  private final Op assign;
  private final Operand<T> value;

  /**
   * An empty one.
   *
   * @param name unique in the process's graph
   */
  Loaded(Ops tf, String name, Class<T> type, Shape shape) {
    fed = tf.placeholder(type, Placeholder.shape(shape));
    VarHandleOp handle = tf.varHandleOp(type, shape, VarHandleOp.sharedName(name));
    assign = tf.assignVariableOp(handle, fed);
    value = tf.readVariableOp(handle, type);
  }

  /** The tensor, once it is loaded. */
  Operand<T> value() {
    return value;
  }

  void load(Session session, Supplier<T> content) {
    try (T tensor = content.get()) {
      session.runner().feed(fed, tensor).addTarget(assign).run().close();
    }
  }
}
