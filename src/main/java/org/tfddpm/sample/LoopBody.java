package org.tfddpm.sample;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;
import org.tfddpm.nn.Weights;
import org.tfddpm.spec.GraphSpec;

/**
 * The functions of the loop: whether to go on, and a step.
 *
 * @param weights of the network
 * @param guided whether rows have guidance
 * @param estimates how many x0Hat to keep at least, whatever the method goes by
 * @param known what the pictures keep, of a method that goes by x_t alone; where the time steps
 *     rise, the way then leads up by noise. Null for nothing
 */
record LoopBody(
    Model model,
    Weights weights,
    Method method,
    Settings settings,
    boolean guided,
    int estimates,
    @Nullable Known known) {
  /** Draws of a step: the method's, the known part's, and that of the way up to it. */
  private static final int STEP = 0;

  private static final int KNOWN = 1;
  private static final int RISE = 2;
  static final int DRAWS_OF_KNOWN = 3;

  LoopBody {
    if (known != null && (method.remembers() > 0 || method.stepsAtEach(settings) > 1)) {
      throw new IllegalArgumentException(method + " does not go by x_t alone");
    }
  }

  /** How many x0Hat are kept from step to step. */
  int remembers() {
    return Math.max(method.remembers(), estimates);
  }

  /** How many steps begin at each time step. */
  int stepsAtEach() {
    return method.stepsAtEach(settings);
  }

  private LoopState placeholders(Ops f) {
    GraphSpec.Image size = model.spec().getImage();
    Shape images = Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
    Rows rows = Rows.placeholders(f, model, settings, guided);
    return LoopState.placeholders(
        f, images, remembers(), method == Method.BY_ROW ? rows.withSampler(f) : rows);
  }

  /** Whether there is a step left. */
  Signature condition(Ops f) {
    LoopState state = placeholders(f);
    return state.signature().output("continue", f.math.less(state.counter(), state.end())).build();
  }

  /** The step that is next. */
  Signature step(Ops f) {
    LoopState state = placeholders(f);
    Operand<TInt32> one = f.constant(1);
    Operand<TInt32> begin = known == null ? state.index() : begin(f, state);
    Operand<TInt32> next = f.math.add(begin, one);
    Rows rows = state.rows();
    Operand<TInt32> t = timeStep(f, state, begin);
    Draws draws =
        new Draws(
            f,
            model.spec().getImage(),
            rows.seed(),
            t,
            visit(f, state, begin, t),
            model.schedule().steps(),
            known == null ? 1 : DRAWS_OF_KNOWN);
    ReverseProcess process =
        settings.applyTo(
            model.reverse(Net.inference(f, weights), rows.told(model, settings.guidanceRescale())),
            rows.label());
    Expr x = new Expr(f, state.x());
    Sampler sampler = method.sampler(f, model, rows, settings);
    if (known != null) {
      sampler = known.kept(f, sampler, () -> draws.of(KNOWN));
      x = raised(f, state, t, process.q(), x, draws.of(RISE));
    }
    Sampler.Step step =
        new Sampler.Step(
            rows(f, state, t),
            rows(f, state, timeStep(f, state, next)),
            () -> draws.of(STEP),
            before(f, state));
    Sampler.Result result = sampler.step(process, x, step);
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

  /** The index of the step's t: the one ahead, where the way rises to it first. */
  private static Operand<TInt32> begin(Ops f, LoopState state) {
    Operand<TInt32> here = state.index();
    Operand<TInt32> ahead = f.math.add(here, f.constant(1));
    Operand<TBool> rises = f.math.less(timeStep(f, state, here), timeStep(f, state, ahead));
    return f.select(rises, ahead, here);
  }

  /** x at t, where the way rises to it; x as it is, where it is at t. */
  private static Expr raised(
      Ops f, LoopState state, Operand<TInt32> t, ForwardProcess q, Expr x, Expr noise) {
    Operand<TInt32> from = timeStep(f, state, state.index());
    Expr up = q.qStep(x, rows(f, state, t), rows(f, state, from), noise);
    return up.where(new Expr(f, f.dtypes.cast(f.math.less(from, t), TFloat32.class)), x);
  }

  private List<Operand<TFloat32>> remembered(Ops f, Expr x0Hat, LoopState state) {
    List<Operand<TFloat32>> all = new ArrayList<>(List.of(x0Hat));
    state.x0Before().forEach(older -> all.add(f.identity(older)));
    return all.subList(0, remembers());
  }

  private List<Sampler.Before> before(Ops f, LoopState state) {
    List<Sampler.Before> before = new ArrayList<>();
    for (int i = 0; i < method.remembers(); i++) {
      Operand<TInt32> index =
          f.math.maximum(f.math.sub(state.index(), f.constant(i + 1)), f.constant(0));
      before.add(
          new Sampler.Before(
              rows(f, state, timeStep(f, state, index)), new Expr(f, state.x0Before().get(i))));
    }
    return before;
  }

  /** How many steps began at t before; null where none does twice. */
  private @Nullable Operand<TInt32> visit(
      Ops f, LoopState state, Operand<TInt32> begin, Operand<TInt32> t) {
    if (known == null && stepsAtEach() == 1) {
      return null;
    }
    Operand<TInt32> earlier =
        f.slice(state.timeSteps(), f.array(0), f.expandDims(begin, f.constant(0)));
    return f.reduceSum(f.dtypes.cast(f.math.equal(earlier, t), TInt32.class), f.constant(0));
  }

  private static Operand<TInt32> timeStep(Ops f, LoopState state, Operand<TInt32> index) {
    return f.gather(state.timeSteps(), index, f.constant(0));
  }

  /** A scalar for each row. */
  private static Operand<TInt32> rows(Ops f, LoopState state, Operand<TInt32> value) {
    return f.math.add(f.math.mul(state.rows().seed(), f.constant(0)), value);
  }
}
