package org.tfddpm.nn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * One tensor for several uses, whose gradients are added two at a time.
 *
 * <p>The gradient of a tensor with three uses or more is an AddN, which adds in an order that
 * depends on which of its inputs' buffers is free first: the sum differs in its last bit from run
 * to run. Two summands have one sum. So every function over tensors uses its argument once or fans
 * it out.
 */
public final class Fan {
  private Fan() {}

  /**
   * The tensor, as many times as it is used.
   *
   * @param uses at least 1
   */
  public static Deque<Operand<TFloat32>> out(Ops tf, Operand<TFloat32> x, int uses) {
    Deque<Operand<TFloat32>> copies = new ArrayDeque<>();
    Operand<TFloat32> rest = tf.identity(x);
    while (copies.size() < uses - 2) {
      copies.add(rest);
      rest = tf.identity(rest);
    }
    while (copies.size() < uses) {
      copies.add(rest);
    }
    return copies;
  }
}
