package org.tfddpm.diffusion;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.schedule.Schedule;

/**
 * Classifier guidance (Dhariwal &amp; Nichol 2021, algorithm 2): epsilonHat becomes epsilonHat - s
 * sqrt(1-alphaBar_t) grad_{x_t} log p(y|x_t), whose samples follow p(x) p(y|x)^s, at s = 1 exactly
 * p(x|y). Each prediction depends on epsilon linearly for a given x_t, so its output is shifted by
 * as much; a learned variance stays as it is.
 *
 * @param denoiser whose output the prediction reads
 * @param y what is asked for
 * @param scale s, from 0 (no guidance)
 */
public record ClassifierGuidance(
    Denoiser denoiser, ForwardProcess q, Prediction prediction, LogLikelihood y, double scale)
    implements Denoiser {
  /** The same process, guided. */
  public static ReverseProcess of(ReverseProcess p, LogLikelihood y, double scale) {
    Denoiser guided = new ClassifierGuidance(p.denoiser(), p.q(), p.prediction(), y, scale);
    return new ReverseProcess(p.q(), p.prediction(), p.variance(), p.thresholding(), guided);
  }

  @Override
  public Expr predict(Expr x, Operand<TInt32> t) {
    Expr output = denoiser.predict(x, t);
    Expr shift = q.coefficients().of(t, this::perGradient).times(gradient(x, t));
    long more = output.shape().get(3) - x.shape().get(3);
    return output.plus(more == 0 ? shift : padded(shift, more));
  }

  /** What 1 of the gradient is in the output: 0 in noise alone, which tells nothing of y. */
  private double perGradient(Schedule schedule, int t) {
    double signal = t < 0 ? 0 : schedule.alphaBar(t);
    return signal == 0 ? 0 : -scale * Math.sqrt(1 - signal) * prediction.perEpsilon(schedule, t);
  }

  /** The gradient of each row's log p(y|x_t): rows do not depend on others, so that of the sum. */
  private Expr gradient(Expr x, Operand<TInt32> t) {
    Ops tf = x.tf();
    Operand<TFloat32> sum = tf.reduceSum(y.of(x, t), tf.constant(0));
    // Of the graph that is being built: the body of a loop has one of its own.
    Graph graph = (Graph) tf.scope().env();
    Output<?>[] gradients = graph.addGradients(sum.asOutput(), new Output<?>[] {x.asOutput()});
    return new Expr(tf, gradients[0].expect(TFloat32.class));
  }

  /** With zeros for the output of the variance. */
  private static Expr padded(Expr shift, long more) {
    Ops tf = shift.tf();
    int[][] paddings = {{0, 0}, {0, 0}, {0, 0}, {0, (int) more}};
    return new Expr(tf, tf.pad(shift, tf.constant(paddings), tf.constant(0f)));
  }
}
