package org.tfddpm.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.SeededNormal;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;
import org.tfddpm.nn.Variables;
import org.tfddpm.nn.Variables.Variable;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Saver;
import org.tfddpm.sample.Pixels;
import org.tfddpm.spec.GraphSpec;

/**
 * What an exported model is held against: the network as training has it, over variables restored
 * from the checkpoint, one session run a step.
 */
final class TrainingReference implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TFloat32> x;
  private final Placeholder<TInt32> t;
  private final Placeholder<TInt32> tPrev;
  private final Placeholder<TInt32> seed;
  private final @Nullable Placeholder<TInt32> label;
  private final @Nullable Placeholder<TFloat32> low;
  private final @Nullable Placeholder<TFloat32> guidance;
  private final Operand<TFloat32> epsilon;
  private final Operand<TFloat32> xPrev;
  private final Operand<TFloat32> noise;
  private final Operand<TUint8> pixels;

  TrainingReference(Model model, Checkpoint checkpoint) {
    GraphSpec.Image size = model.spec().getImage();
    Ops tf = Ops.create(graph);
    Shape rows = Shape.of(-1);
    x = images(tf, size);
    t = tf.placeholder(TInt32.class, Placeholder.shape(rows));
    tPrev = tf.placeholder(TInt32.class, Placeholder.shape(rows));
    seed = tf.placeholder(TInt32.class, Placeholder.shape(rows));
    Variables variables = new Variables(0);
    label = model.isConditional() ? tf.placeholder(TInt32.class, Placeholder.shape(rows)) : null;
    low = model.upsampling() > 1 ? images(tf, model.lowSize()) : null;
    guidance =
        model.allowsGuidance() ? tf.placeholder(TFloat32.class, Placeholder.shape(rows)) : null;
    Net net = Net.inference(tf, variables);
    ReverseProcess process = model.reverse(net, new Conditions(label, low, guidance, 0));
    Sampler.Result step =
        DdimSampler.DETERMINISTIC.step(
            process, new Expr(tf, x), new Sampler.Step(t, tPrev, () -> new Expr(tf, x)));
    epsilon =
        model
            .reverse(net, new Conditions(label, low, null, 0))
            .estimate(new Expr(tf, x), t)
            .epsilonHat();
    xPrev = step.xPrev();
    noise =
        SeededNormal.of(
            tf, seed, tf.constant(0), size.getHeight(), size.getWidth(), size.getChannels());
    pixels = Pixels.of(tf, x);
    List<Saver.Entry> entries = new ArrayList<>();
    for (Variable variable : variables.all()) {
      entries.add(
          new Saver.Entry("averaged/" + variable.path(), variable.handle(), variable.value()));
    }
    Saver saver = new Saver(tf, entries);
    session = new Session(graph);
    saver.restore(session, checkpoint.prefix());
  }

  /** epsilonHat for x at t, without guidance. The caller closes the result. */
  Result epsilon(TFloat32 images, TInt32 timeSteps, Map<String, Tensor> told) {
    Session.Runner runner = session.runner().feed(x, images).feed(t, timeSteps);
    feed(runner, told);
    return runner.fetch(epsilon).run();
  }

  /** One DDIM step of eta 0. The caller closes the result. */
  Result step(TFloat32 images, TInt32 from, TInt32 to, Map<String, Tensor> told) {
    Session.Runner runner = session.runner().feed(x, images).feed(t, from).feed(tPrev, to);
    feed(runner, told);
    if (guidance != null) {
      runner.feed(guidance, told.get("guidance"));
    }
    return runner.fetch(xPrev).run();
  }

  /** Labels and low-resolution images, if the model is told them. */
  private void feed(Session.Runner runner, Map<String, Tensor> told) {
    if (label != null) {
      runner.feed(label, told.get("label"));
    }
    if (low != null) {
      runner.feed(low, told.get("low"));
    }
  }

  private static Placeholder<TFloat32> images(Ops tf, GraphSpec.Image size) {
    Shape shape = Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  /** The noise of seeds. The caller closes the result. */
  Result noise(TInt32 seeds) {
    return session.runner().feed(seed, seeds).fetch(noise).run();
  }

  /** Images as pixels. The caller closes the result. */
  Result pixels(TFloat32 images) {
    return session.runner().feed(x, images).fetch(pixels).run();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
