package org.tfddpm.train;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Variables.Variable;

/**
 * Importance sampling of the time steps: p_t in proportion to sqrt(E[L_t^2]) over the last ten
 * losses at t, the loss weighted by 1/(T p_t) (Nichol &amp; Dhariwal 2021, eq. 18). Uniform until
 * each t has ten; a thousandth of p stays uniform, so that none is forgotten.
 */
final class LossSecondMoment implements TimeSampling {
  private static final int HISTORY = 10;
  private static final double UNIFORM_SHARE = 0.001;

  private final Ops tf;
  private final int batch;
  private final int steps;

  /** The last losses at each t, [T,10], in a ring, and how many there ever were, [T]. */
  private final Variable losses;

  private final Variable counts;
  private final Operand<TInt32> t;
  private final Expr weights;

  LossSecondMoment(Ops tf, StepRandom random, int batch, int steps) {
    this.tf = tf;
    this.batch = batch;
    this.steps = steps;
    losses = zeros("time/losses", Shape.of(steps, HISTORY));
    counts = zeros("time/counts", Shape.of(steps));
    Expr p = probabilities();
    Operand<TFloat32> cumulative = tf.math.cumsum(p, tf.constant(0), new Cumsum.Options[0]);
    Operand<TFloat32> all = tf.gather(cumulative, tf.constant(steps - 1), tf.constant(0));
    Operand<TFloat32> drawn =
        tf.reshape(tf.math.mul(random.timeChoices(tf, batch), all), tf.array(batch, 1));
    Operand<TInt32> passed = tf.dtypes.cast(tf.math.lessEqual(cumulative, drawn), TInt32.class);
    t = tf.math.minimum(tf.reduceSum(passed, tf.constant(1)), tf.constant(steps - 1));
    weights = Expr.of(tf, 1.0 / steps).over(new Expr(tf, tf.gather(p, t, tf.constant(0))));
  }

  @Override
  public Operand<TInt32> t() {
    return t;
  }

  @Override
  public Expr mean(Expr ofImages) {
    return ofImages.times(weights).mean();
  }

  @Override
  public List<Op> remember(Expr ofImages) {
    // Of images at the same t, each takes the next place; those beyond ten are not kept.
    Operand<TInt32> rank = rank();
    Operand<TInt32> seen =
        tf.dtypes.cast(tf.gather(counts.value(), t, tf.constant(0)), TInt32.class);
    Operand<TInt32> place = tf.math.mod(tf.math.add(seen, rank), tf.constant(HISTORY));
    Operand<TFloat32> kept =
        tf.dtypes.cast(tf.math.less(rank, tf.constant(HISTORY)), TFloat32.class);
    Operand<TInt32> places = tf.stack(List.of(t, place), org.tensorflow.op.core.Stack.axis(1L));
    Operand<TInt32> shape = tf.array(steps, HISTORY);
    Expr replaced = new Expr(tf, tf.scatterNd(places, kept, shape));
    Expr newest = new Expr(tf, tf.scatterNd(places, tf.math.mul(ofImages, kept), shape));
    Expr others = new Expr(tf, losses.value()).times(replaced.negate().plus(1));
    Operand<TFloat32> ones = tf.fill(tf.array(batch), tf.constant(1f));
    Operand<TFloat32> more = tf.scatterNd(tf.reshape(t, tf.array(batch, 1)), ones, tf.array(steps));
    return List.of(
        tf.assignVariableOp(losses.handle(), others.plus(newest)),
        tf.assignVariableOp(counts.handle(), tf.math.add(counts.value(), more)));
  }

  @Override
  public List<Variable> memory() {
    return List.of(losses, counts);
  }

  private Expr probabilities() {
    Expr root = new Expr(tf, tf.math.mean(tf.math.square(losses.value()), tf.constant(1))).sqrt();
    Expr sum = new Expr(tf, tf.reduceSum(root, tf.constant(0)));
    Expr byLoss = root.over(sum).times(1 - UNIFORM_SHARE).plus(UNIFORM_SHARE / steps);
    Operand<TFloat32> uniform = tf.fill(tf.array(steps), tf.constant((float) (1.0 / steps)));
    Operand<TFloat32> fewest = tf.reduceMin(counts.value(), tf.constant(0));
    return new Expr(
        tf, tf.select(tf.math.less(fewest, tf.constant((float) HISTORY)), uniform, byLoss));
  }

  /** How many images before each in the batch have its t, [B]. */
  private Operand<TInt32> rank() {
    float[] before = new float[batch * batch];
    for (int row = 0; row < batch; row++) {
      for (int column = 0; column < row; column++) {
        before[row * batch + column] = 1;
      }
    }
    Operand<TFloat32> earlier = tf.reshape(tf.constant(before), tf.array(batch, batch));
    Operand<TFloat32> same =
        tf.dtypes.cast(
            tf.math.equal(tf.reshape(t, tf.array(batch, 1)), tf.reshape(t, tf.array(1, batch))),
            TFloat32.class);
    return tf.dtypes.cast(tf.reduceSum(tf.math.mul(earlier, same), tf.constant(1)), TInt32.class);
  }

  private Variable zeros(String name, Shape shape) {
    Ops init = tf.withInitScope();
    int[] size = new int[shape.numDimensions()];
    for (int i = 0; i < size.length; i++) {
      size[i] = (int) shape.get(i);
    }
    return Variable.create(tf, name, shape, init.fill(init.constant(size), init.constant(0f)));
  }
}
