package org.tfddpm.data;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TInt64;

/**
 * In which order images are shown: position p in the stream is image shuffle(p mod count) of epoch
 * p div count, the shuffle a permutation that is a function of the seed and the epoch. So the whole
 * state of the data is the position.
 */
final class Order {
  private Order() {}

  /**
   * The images at these positions.
   *
   * @param positions [n], from 0
   * @return [n], 0 ... count-1
   */
  static Operand<TInt64> at(Ops tf, Operand<TInt64> positions, long count, long seed) {
    Operand<TInt64> n = tf.constant(count);
    Operand<TInt64> epoch = tf.math.floorDiv(positions, n);
    Operand<TInt64> within = tf.math.floorMod(positions, n);
    Operand<TInt64> zeros = tf.zerosLike(positions);
    Operand<TInt64> seeds =
        tf.stack(
            List.of(
                tf.math.add(zeros, tf.constant(seed & 0xFFFFFFFFL)),
                tf.math.add(zeros, tf.constant(seed >>> 32)),
                epoch),
            Stack.axis(1L));
    return tf.scope()
        .opBuilder("RandomIndexShuffle", "RandomIndexShuffle")
        .addInput(within.asOutput())
        .addInput(seeds.asOutput())
        .addInput(tf.constant(count - 1).asOutput())
        .build()
        .output(0);
  }
}
