package org.tfddpm.sample;

import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Weights;
import org.tfddpm.spec.GraphSpec;

/**
 * Sampling from noise to image, or along any time steps, as a loop inside a graph. The network is
 * in the loop's body, its weights constants there; loops of several lengths in one graph share that
 * body.
 *
 * <p>Its form is the one that every converter of SavedModels takes: a StatelessWhile that is
 * lowered, whose first variables are a counter, its end and the index of the step.
 */
public final class SamplingLoop implements AutoCloseable {
  private final Ops tf;
  private final LoopBody parts;
  private final ConcreteFunction condition;
  private final ConcreteFunction body;

  /**
   * A loop for a graph.
   *
   * @param weights of the network; constants, since the body can see nothing of the graph around it
   * @param guided whether rows have classifier-free guidance, where the model allows it
   */
  public SamplingLoop(
      Ops tf, Model model, Weights weights, Method method, Settings settings, boolean guided) {
    this(tf, model, weights, method, settings, guided, 0, null);
  }

  /**
   * A loop for a graph, of which more is asked.
   *
   * @param estimates of how many steps before it tells x0Hat, whatever the method goes by
   * @param known what the pictures are to keep, with a method that goes by x_t alone; where the
   *     time steps rise, the way then leads up by noise. Null for nothing
   */
  SamplingLoop(
      Ops tf,
      Model model,
      Weights weights,
      Method method,
      Settings settings,
      boolean guided,
      int estimates,
      @Nullable Known known) {
    this.tf = tf;
    parts = new LoopBody(model, weights, method, settings, guided, estimates, known);
    condition = ConcreteFunction.create(f -> parts.condition(f.withSubScope("condition")));
    body = ConcreteFunction.create(f -> parts.step(f.withSubScope("body")));
  }

  /**
   * Images.
   *
   * @param rows one for each; guided exactly if the loop is
   * @param tau the time steps to visit, rising, as a Spacing gives them
   * @return [B,H,W,C], about [-1,1]
   */
  public Expr sample(Rows rows, int[] tau) {
    return sample(rows, noise(rows), tau);
  }

  /**
   * Images out of noise that may be shared by several ways.
   *
   * @param noise x_T of the rows, [B,H,W,C]
   */
  public Expr sample(Rows rows, Expr noise, int[] tau) {
    return walk(rows, noise, TimeSteps.down(tau));
  }

  /** x_T of the rows: the draw 0 of each one's seed, [B,H,W,C], standard normal. */
  public Expr noise(Rows rows) {
    GraphSpec.Image size = parts.model().spec().getImage();
    return SeededNormal.of(
        tf, rows.seed(), tf.constant(0), size.getHeight(), size.getWidth(), size.getChannels());
  }

  /**
   * Chains from any x along any time steps, rising ones too where the method takes no noise.
   *
   * @param rows one for each; guided exactly if the loop is
   * @param x where they begin, [B,H,W,C], at the first time step
   * @param timeSteps at least two: where each step begins, and where the last one ends; 0 ... T-1,
   *     the last one -1 if that is x_0, and the first one -1 where the method goes out from x_0
   * @return x at the last time step, [B,H,W,C]
   */
  public Expr walk(Rows rows, Expr x, int[] timeSteps) {
    return Expr.of(tf, walk(start(rows, x, timeSteps)).x());
  }

  /** The variables at the beginning of a way, as {@link #walk(Rows, Expr, int[])} has it. */
  LoopState start(Rows rows, Expr x, int[] timeSteps) {
    int[] each = TimeSteps.each(timeSteps, parts.stepsAtEach());
    return new LoopState(
        tf.constant(0),
        tf.constant(steps(timeSteps)),
        tf.constant(0),
        x,
        tf.constant(each),
        rows,
        Collections.nCopies(parts.remembers(), x));
  }

  /** How many steps a way has; one that rises by noise is no step of its own. */
  int steps(int[] timeSteps) {
    int all = (timeSteps.length - 1) * parts.stepsAtEach();
    return parts.known() == null ? all : all - TimeSteps.rises(timeSteps);
  }

  /** The variables at the end, from those of any place on the way. */
  LoopState walk(LoopState start) {
    OperationBuilder loop =
        tf.scope()
            .opBuilder("StatelessWhile", "sample")
            .addInputList(start.all().stream().map(Operand::asOutput).toArray(Output<?>[]::new))
            .setAttr("cond", condition)
            .setAttr("body", body)
            .setAttr("output_shapes", start.shapes())
            .setAttr("_lower_using_switch_merge", true);
    return start.after(tf, loop.build());
  }

  @Override
  public void close() {
    condition.close();
    body.close();
  }
}
