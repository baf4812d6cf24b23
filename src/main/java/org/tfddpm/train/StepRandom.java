package org.tfddpm.train;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Dropout;

/**
 * The random numbers of a training step: functions of (seed, step, purpose) and nothing else, so
 * that a continued run draws what the uninterrupted one would have drawn.
 */
final class StepRandom {
  /** More than one step ever asks for. */
  private static final long PURPOSES = 1 << 16;

  private static final long TIME_STEPS = 0;
  private static final long NOISE = 1;
  private static final long FLIPS = 2;
  private static final long DROPOUT = 3;
  private static final long LABELS = PURPOSES - 1;

  private final Operand<TInt64> seed;
  private final Operand<TInt64> step;
  private long dropouts;

  StepRandom(Ops tf, long seed, Operand<TInt64> step) {
    this.seed = tf.constant(seed);
    this.step = step;
  }

  /** Time steps, uniform in 0 ... steps-1, [count]. */
  Operand<TInt32> timeSteps(Ops tf, int count, int steps) {
    return tf.random.statelessRandomUniformInt(
        tf.array((long) count), key(tf, TIME_STEPS), tf.constant(0), tf.constant(steps));
  }

  /** Uniform in [0,1), [count]: which time steps are drawn where they are not equally likely. */
  Operand<TFloat32> timeChoices(Ops tf, int count) {
    return tf.random.statelessRandomUniform(
        tf.array((long) count), key(tf, TIME_STEPS), TFloat32.class);
  }

  /** Standard normal noise. */
  Expr noise(Ops tf, Shape shape) {
    return new Expr(
        tf,
        tf.random.statelessRandomNormal(
            tf.constant(shape.asArray()), key(tf, NOISE), TFloat32.class));
  }

  /** Uniform in [0,1), [count,1,1,1]: which images are mirrored. */
  Operand<TFloat32> flips(Ops tf, int count) {
    return tf.random.statelessRandomUniform(
        tf.array((long) count, 1L, 1L, 1L), key(tf, FLIPS), TFloat32.class);
  }

  /** Uniform in [0,1), [count]: which labels are hidden. */
  Operand<TFloat32> labels(Ops tf, int count) {
    return tf.random.statelessRandomUniform(
        tf.array((long) count), key(tf, LABELS), TFloat32.class);
  }

  /** Dropout with other numbers at each place of the network. */
  Dropout dropout() {
    return Dropout.by(
        (tf, x) ->
            tf.random.statelessRandomUniform(
                tf.shape(x), key(tf, DROPOUT + dropouts++), TFloat32.class));
  }

  private Operand<TInt64> key(Ops tf, long purpose) {
    Operand<TInt64> counter =
        tf.math.add(tf.math.mul(step, tf.constant(PURPOSES)), tf.constant(purpose));
    return tf.stack(java.util.List.of(counter, seed));
  }
}
