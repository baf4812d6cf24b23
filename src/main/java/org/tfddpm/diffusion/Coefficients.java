package org.tfddpm.diffusion;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToIntBiFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The schedule's coefficients in a graph, looked up by each image's time step. They are calculated
 * in double and rounded to float32 once, each in the form in which it keeps its digits: 1 -
 * alphaBar from a table of its own, since it is far smaller than the rounding of alphaBar where t
 * is small.
 */
public final class Coefficients {
  private static final double LARGEST = 1e30;

  private final Ops tf;
  private final Schedule schedule;

  /** Coefficients of the schedule in the graph that tf builds. */
  public Coefficients(Ops tf, Schedule schedule) {
    this.tf = tf;
    this.schedule = schedule;
  }

  /** The graph. */
  public Ops tf() {
    return tf;
  }

  /** T. */
  int steps() {
    return schedule.steps();
  }

  /** alphaBar_t as [N,1,1,1] for t [N] in -1 ... T-1. */
  public Expr alphaBar(Operand<TInt32> t) {
    return lookUp(t, schedule::alphaBar);
  }

  /** 1 - alphaBar_t, the variance of the noise in x_t. */
  public Expr oneMinusAlphaBar(Operand<TInt32> t) {
    return lookUp(t, s -> 1 - schedule.alphaBar(s));
  }

  /** sqrt(alphaBar_t). */
  public Expr sqrtAlphaBar(Operand<TInt32> t) {
    return lookUp(t, s -> Math.sqrt(schedule.alphaBar(s)));
  }

  /** sqrt(1 - alphaBar_t). */
  public Expr sqrtOneMinusAlphaBar(Operand<TInt32> t) {
    return lookUp(t, s -> Math.sqrt(1 - schedule.alphaBar(s)));
  }

  /**
   * (1 - alphaBar_t) / alphaBar_t: see {@link Schedule#noiseToSignal}. Infinity is a large number
   * here, which divided by gives 0 on every device.
   */
  public Expr noiseToSignal(Operand<TInt32> t) {
    return lookUp(t, s -> Math.min(schedule.noiseToSignal(s), LARGEST));
  }

  /** Anything that follows from the schedule and t in -1 ... T-1. */
  public Expr of(Operand<TInt32> t, ToDoubleBiFunction<Schedule, Integer> coefficient) {
    return lookUp(t, s -> coefficient.applyAsDouble(schedule, s));
  }

  /** A time step [N] that follows from the schedule and t in 0 ... T-1. */
  public Operand<TInt32> timeStep(Operand<TInt32> t, ToIntBiFunction<Schedule, Integer> timeStep) {
    int[] table = new int[schedule.steps()];
    Arrays.setAll(table, s -> timeStep.applyAsInt(schedule, s));
    return tf.gather(tf.constant(table), t, tf.constant(0));
  }

  private Expr lookUp(Operand<TInt32> t, IntToDoubleFunction coefficient) {
    float[] table = new float[schedule.steps() + 1];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) coefficient.applyAsDouble(i - 1);
    }
    Operand<TInt32> index = tf.math.add(t, tf.constant(1));
    return new Expr(tf, tf.gather(tf.constant(table), index, tf.constant(0))).perImage();
  }
}
