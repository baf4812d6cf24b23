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
  /** With TensorFlow's default of 4, images that follow each other hang together. */
  private static final long ROUNDS = 8;

  /** The hash of an epoch has three words of so many bits. */
  private static final long WORD = 21;

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
    // The shuffle sees only the low bits of a key, 8 of them up to 65,536 images: a hash puts
    // all of the seed and the epoch into them.
    Operand<TInt64> hash =
        tf.strings.toHashBucketStrong(
            tf.dtypes.asString(epoch), 1L << (3 * WORD - 1), List.of(seed, 0L));
    Operand<TInt64> keys =
        tf.stack(
            List.of(
                hash,
                tf.bitwise.rightShift(hash, tf.constant(WORD)),
                tf.bitwise.rightShift(hash, tf.constant(2 * WORD))),
            Stack.axis(1L));
    if (Long.bitCount(count - 1) != 1) {
      return shuffle(tf, within, keys, count - 1);
    }
    // For a last index of 2^16, 2^18 ... TensorFlow's shuffle takes a bit too few. The index after
    // it is shuffled with the others, and shuffled on where it comes out.
    Operand<TInt64> shuffled = shuffle(tf, within, keys, count);
    return tf.select(tf.math.less(shuffled, n), shuffled, shuffle(tf, shuffled, keys, count));
  }

  /** A permutation of 0 ... last. */
  private static Operand<TInt64> shuffle(
      Ops tf, Operand<TInt64> index, Operand<TInt64> keys, long last) {
    return tf.scope()
        .opBuilder("RandomIndexShuffle", "RandomIndexShuffle")
        .addInput(index.asOutput())
        .addInput(keys.asOutput())
        .addInput(tf.constant(last).asOutput())
        .setAttr("rounds", ROUNDS)
        .build()
        .output(0);
  }
}
