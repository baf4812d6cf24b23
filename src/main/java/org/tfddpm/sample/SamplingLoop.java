package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;
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
  private final GraphSpec.Image size;
  private final int noiseLevels;
  private final boolean guided;
  private final int remembers;
  private final int stepsAtEach;
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
    this.tf = tf;
    this.size = model.spec().getImage();
    this.noiseLevels = model.schedule().steps();
    this.guided = guided;
    this.remembers = method.remembers();
    this.stepsAtEach = method.stepsAtEach(settings);
    this.condition =
        ConcreteFunction.create(f -> condition(f.withSubScope("condition"), model, settings));
    this.body =
        ConcreteFunction.create(
            f -> body(f.withSubScope("body"), model, weights, method, settings));
  }

  /**
   * Images.
   *
   * @param rows one for each; guided exactly if the loop is
   * @param tau the time steps to visit, rising, as a Spacing gives them
   * @return [B,H,W,C], about [-1,1]
   */
  public Expr sample(Rows rows, int[] tau) {
    return walk(rows, noise(rows), TimeSteps.down(tau));
  }

  /** x_T of the rows: the draw 0 of each one's seed, [B,H,W,C], standard normal. */
  public Expr noise(Rows rows) {
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
    int steps = (timeSteps.length - 1) * stepsAtEach;
    int[] each = new int[steps + 1];
    for (int i = 0; i <= steps; i++) {
      each[i] = timeSteps[i / stepsAtEach];
    }
    LoopState start =
        new LoopState(
            tf.constant(0),
            tf.constant(steps),
            tf.constant(0),
            x,
            tf.constant(each),
            rows,
            Collections.nCopies(remembers, x));
    OperationBuilder loop =
        tf.scope()
            .opBuilder("StatelessWhile", "sample")
            .addInputList(start.all().stream().map(Operand::asOutput).toArray(Output<?>[]::new))
            .setAttr("cond", condition)
            .setAttr("body", body)
            .setAttr("output_shapes", shapes(start))
            .setAttr("_lower_using_switch_merge", true);
    return new Expr(tf, loop.build().<TFloat32>output(3));
  }

  /** As many rows as there are, whatever the first ones know of their number. */
  private static Shape[] shapes(LoopState start) {
    return start.all().stream()
        .map(variable -> variable.shape())
        .map(shape -> shape.isScalar() ? shape : shape.tail().prepend(-1))
        .toArray(Shape[]::new);
  }

  @Override
  public void close() {
    condition.close();
    body.close();
  }

  private Shape images() {
    return Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
  }

  private Signature condition(Ops f, Model model, Settings settings) {
    LoopState state =
        LoopState.placeholders(
            f, images(), remembers, Rows.placeholders(f, model, settings, guided));
    return state.signature().output("continue", f.math.less(state.counter(), state.end())).build();
  }

  private Signature body(Ops f, Model model, Weights weights, Method method, Settings settings) {
    LoopState state =
        LoopState.placeholders(
            f, images(), remembers, Rows.placeholders(f, model, settings, guided));
    Operand<TInt32> one = f.constant(1);
    Operand<TInt32> next = f.math.add(state.index(), one);
    Rows rows = state.rows();
    ReverseProcess process =
        settings.applyTo(
            model.reverse(Net.inference(f, weights), rows.told(model, settings.guidanceRescale())),
            rows.label());
    Sampler.Result result =
        method
            .sampler(model, new Expr(f, state.rows().eta()), settings)
            .step(process, new Expr(f, state.x()), step(f, state, next));
    LoopState after =
        new LoopState(
            f.math.add(state.counter(), one),
            f.identity(state.end()),
            next,
            result.xPrev(),
            f.identity(state.timeSteps()),
            state.rows().passedOn(f),
            remembered(f, result.x0Hat(), state));
    Signature.Builder signature = state.signature();
    Iterator<Operand<?>> outputs = after.all().iterator();
    for (int i = 0; outputs.hasNext(); i++) {
      signature.output("next_" + i, outputs.next());
    }
    return signature.build();
  }

  private List<Operand<TFloat32>> remembered(Ops f, Expr x0Hat, LoopState state) {
    List<Operand<TFloat32>> all = new ArrayList<>(List.of(x0Hat));
    state.x0Before().forEach(older -> all.add(f.identity(older)));
    return all.subList(0, remembers);
  }

  private Sampler.Step step(Ops f, LoopState state, Operand<TInt32> next) {
    Operand<TInt32> t = timeStep(f, state, state.index());
    Operand<TInt32> tPrev = timeStep(f, state, next);
    List<Sampler.Before> before = new ArrayList<>();
    for (int i = 0; i < remembers; i++) {
      Operand<TInt32> index =
          f.math.maximum(f.math.sub(state.index(), f.constant(i + 1)), f.constant(0));
      before.add(
          new Sampler.Before(
              rows(f, state, timeStep(f, state, index)), new Expr(f, state.x0Before().get(i))));
    }
    return new Sampler.Step(
        rows(f, state, t),
        rows(f, state, tPrev),
        () ->
            SeededNormal.of(
                f,
                state.rows().seed(),
                draw(f, state, t),
                size.getHeight(),
                size.getWidth(),
                size.getChannels()),
        before);
  }

  /** k T + t + 1 for the step k from t: none twice, since t + 1 is 1 ... T. */
  private Operand<TInt32> draw(Ops f, LoopState state, Operand<TInt32> t) {
    Operand<TInt32> first = f.math.add(t, f.constant(1));
    if (stepsAtEach == 1) {
      return first;
    }
    Operand<TInt32> k = f.math.floorMod(state.index(), f.constant(stepsAtEach));
    return f.math.add(first, f.math.mul(k, f.constant(noiseLevels)));
  }

  private static Operand<TInt32> timeStep(Ops f, LoopState state, Operand<TInt32> index) {
    return f.gather(state.timeSteps(), index, f.constant(0));
  }

  /** A scalar for each row. */
  private static Operand<TInt32> rows(Ops f, LoopState state, Operand<TInt32> value) {
    return f.math.add(f.math.mul(state.rows().seed(), f.constant(0)), value);
  }
}
