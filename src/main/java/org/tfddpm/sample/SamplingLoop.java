package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.Sampler;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;
import org.tfddpm.nn.Weights;
import org.tfddpm.spec.GraphSpec;

/**
 * Sampling from noise to image as a loop inside a graph. The network is in the loop's body, its
 * weights constants there; loops of several lengths in one graph share that body.
 *
 * <p>Its form is the one that every converter of SavedModels takes: a StatelessWhile that is
 * lowered, whose first variables are a counter, its end and the index of the step.
 */
public final class SamplingLoop implements AutoCloseable {
  private final Ops tf;
  private final GraphSpec.Image size;
  private final boolean remembers;
  private final ConcreteFunction condition;
  private final ConcreteFunction body;

  /**
   * A loop for a graph.
   *
   * @param weights of the network; constants, since the body can see nothing of the graph around it
   */
  public SamplingLoop(Ops tf, Model model, Weights weights, Method method) {
    this.tf = tf;
    this.size = model.spec().getImage();
    this.remembers = method.remembers();
    this.condition = ConcreteFunction.create(f -> condition(f.withSubScope("condition")));
    this.body = ConcreteFunction.create(f -> body(f.withSubScope("body"), model, weights, method));
  }

  /** The variables of the loop. */
  private record State(
      Operand<TInt32> counter,
      Operand<TInt32> end,
      Operand<TInt32> index,
      Operand<TFloat32> x,
      Operand<TInt32> timeSteps,
      Operand<TInt32> seed,
      Operand<TFloat32> eta,
      @Nullable Operand<TFloat32> x0Before) {
    List<Operand<?>> all() {
      List<Operand<?>> all = new ArrayList<>(List.of(counter, end, index, x, timeSteps, seed, eta));
      if (x0Before != null) {
        all.add(x0Before);
      }
      return all;
    }
  }

  /**
   * Images for seeds.
   *
   * @param seed [B], 0 ... 2^24-1; a row's image depends on its own seed only
   * @param eta [B], 0 ... 1; of no effect where the method has none
   * @param tau the time steps to visit, rising, as a Spacing gives them
   * @return [B,H,W,C], about [-1,1]
   */
  public Expr sample(Operand<TInt32> seed, Operand<TFloat32> eta, int[] tau) {
    int[] timeSteps = new int[tau.length + 1];
    for (int i = 0; i < tau.length; i++) {
      timeSteps[i] = tau[tau.length - 1 - i];
    }
    timeSteps[tau.length] = -1;
    Expr noise =
        SeededNormal.of(
            tf, seed, tf.constant(0), size.getHeight(), size.getWidth(), size.getChannels());
    State start =
        new State(
            tf.constant(0),
            tf.constant(tau.length),
            tf.constant(0),
            noise,
            tf.constant(timeSteps),
            seed,
            eta,
            remembers ? noise : null);
    OperationBuilder loop =
        tf.scope()
            .opBuilder("StatelessWhile", "sample")
            .addInputList(start.all().stream().map(Operand::asOutput).toArray(Output<?>[]::new))
            .setAttr("cond", condition)
            .setAttr("body", body)
            .setAttr("output_shapes", shapes())
            .setAttr("_lower_using_switch_merge", true);
    return new Expr(tf, loop.build().<TFloat32>output(3));
  }

  @Override
  public void close() {
    condition.close();
    body.close();
  }

  private Shape[] shapes() {
    Shape scalar = Shape.scalar();
    Shape rows = Shape.of(-1);
    List<Shape> shapes =
        new ArrayList<>(List.of(scalar, scalar, scalar, imageShape(), rows, rows, rows));
    if (remembers) {
      shapes.add(imageShape());
    }
    return shapes.toArray(Shape[]::new);
  }

  private Shape imageShape() {
    return Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
  }

  private State placeholders(Ops f) {
    Shape[] shapes = shapes();
    return new State(
        placeholder(f, "counter", TInt32.class, shapes[0]),
        placeholder(f, "end", TInt32.class, shapes[1]),
        placeholder(f, "index", TInt32.class, shapes[2]),
        placeholder(f, "x", TFloat32.class, shapes[3]),
        placeholder(f, "time_steps", TInt32.class, shapes[4]),
        placeholder(f, "seed", TInt32.class, shapes[5]),
        placeholder(f, "eta", TFloat32.class, shapes[6]),
        remembers ? placeholder(f, "x0_before", TFloat32.class, shapes[7]) : null);
  }

  private static <T extends TType> Operand<T> placeholder(
      Ops f, String name, Class<T> type, Shape shape) {
    return f.withName(name).placeholder(type, Placeholder.shape(shape));
  }

  private Signature condition(Ops f) {
    State state = placeholders(f);
    return signature(state).output("continue", f.math.less(state.counter(), state.end())).build();
  }

  private Signature body(Ops f, Model model, Weights weights, Method method) {
    State state = placeholders(f);
    Operand<TInt32> one = f.constant(1);
    Operand<TInt32> next = f.math.add(state.index(), one);
    ReverseProcess process = model.reverse(Net.inference(f, weights), Conditions.NONE);
    Sampler.Result result =
        method
            .sampler(model, new Expr(f, state.eta()))
            .step(process, new Expr(f, state.x()), step(f, state, next));
    State after =
        new State(
            f.math.add(state.counter(), one),
            f.identity(state.end()),
            next,
            result.xPrev(),
            f.identity(state.timeSteps()),
            f.identity(state.seed()),
            f.identity(state.eta()),
            remembers ? result.x0Hat() : null);
    Signature.Builder signature = signature(state);
    Iterator<Operand<?>> outputs = after.all().iterator();
    for (int i = 0; outputs.hasNext(); i++) {
      signature.output("next_" + i, outputs.next());
    }
    return signature.build();
  }

  private Sampler.Step step(Ops f, State state, Operand<TInt32> next) {
    Operand<TInt32> one = f.constant(1);
    Operand<TInt32> axis = f.constant(0);
    Operand<TInt32> t = f.gather(state.timeSteps(), state.index(), axis);
    Operand<TInt32> tPrev = f.gather(state.timeSteps(), next, axis);
    Operand<TInt32> zeros = f.math.mul(state.seed(), f.constant(0));
    return new Sampler.Step(
        f.math.add(zeros, t),
        f.math.add(zeros, tPrev),
        () ->
            SeededNormal.of(
                f,
                state.seed(),
                f.math.add(t, one),
                size.getHeight(),
                size.getWidth(),
                size.getChannels()),
        state.x0Before() == null ? null : before(f, state, zeros, state.x0Before()));
  }

  /** The step before; the first has itself. */
  private static Sampler.Before before(
      Ops f, State state, Operand<TInt32> zeros, Operand<TFloat32> x0Before) {
    Operand<TInt32> index = f.math.maximum(f.math.sub(state.index(), f.constant(1)), f.constant(0));
    Operand<TInt32> t = f.gather(state.timeSteps(), index, f.constant(0));
    return new Sampler.Before(f.math.add(zeros, t), new Expr(f, x0Before));
  }

  private static Signature.Builder signature(State state) {
    Signature.Builder signature = Signature.builder();
    List<Operand<?>> inputs = new ArrayList<>(state.all());
    for (int i = 0; i < inputs.size(); i++) {
      signature.input("variable_" + i, inputs.get(i));
    }
    return signature;
  }
}
