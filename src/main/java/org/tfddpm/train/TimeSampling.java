package org.tfddpm.train;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Variables.Variable;
import org.tfddpm.spec.GraphSpec;

/** Which time steps a training step looks at, and how much the loss at each of them counts. */
interface TimeSampling {
  /** The time step of each image, [B], 0 ... T-1. */
  Operand<TInt32> t();

  /**
   * The loss of the batch, a scalar whose expectation is the mean over images and all time steps.
   *
   * @param losses of each image, [B]
   */
  default Expr mean(Expr losses) {
    return losses.mean();
  }

  /** What is remembered of the losses [B] once the step is taken. */
  default List<Op> remember(Expr losses) {
    return List.of();
  }

  /** Where it is remembered: part of the checkpoint. */
  default List<Variable> memory() {
    return List.of();
  }

  /** As the specification says. */
  static TimeSampling of(Ops tf, GraphSpec spec, StepRandom random) {
    int batch = spec.getTraining().getBatchSize();
    int steps = spec.getDiffusion().getSteps();
    return switch (spec.getDiffusion().getTimeSampling()) {
      case UNIFORM -> {
        Operand<TInt32> t = random.timeSteps(tf, batch, steps);
        yield () -> t;
      }
      case ANTITHETIC -> {
        Operand<TInt32> t = antithetic(tf, random, batch, steps);
        yield () -> t;
      }
      case LOSS_SECOND_MOMENT -> new LossSecondMoment(tf, random, batch, steps);
    };
  }

  /** t for the first half, T-1-t for the second: between them they are spread more evenly. */
  private static Operand<TInt32> antithetic(Ops tf, StepRandom random, int batch, int steps) {
    Operand<TInt32> half = random.timeSteps(tf, (batch + 1) / 2, steps);
    Operand<TInt32> mirrored = tf.math.sub(tf.constant(steps - 1), half);
    Operand<TInt32> both = tf.concat(List.of(half, mirrored), tf.constant(0));
    return tf.slice(both, tf.array(0), tf.array(batch));
  }
}
