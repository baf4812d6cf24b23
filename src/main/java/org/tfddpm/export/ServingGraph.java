package org.tfddpm.export;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.sampler.DdpmSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.nn.Net;
import org.tfddpm.nn.Weights;
import org.tfddpm.sample.Pixels;
import org.tfddpm.spec.GraphSpec;

/**
 * The core model: the network and single steps, for callers that loop themselves. Only signature
 * inputs are placeholders, named like them; the batch comes first everywhere.
 */
final class ServingGraph implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final @Nullable Operand<TInt32> label;
  private final @Nullable Operand<TFloat32> low;
  private final @Nullable Operand<TFloat32> guidance;
  private final List<ServingSignature> signatures = new ArrayList<>();

  /**
   * Builds the graph.
   *
   * @param weights constants
   */
  ServingGraph(Model model, Weights weights) {
    GraphSpec.Image size = model.spec().getImage();
    Expr x = image("x", size);
    Expr x0 = image("x0", size);
    Expr noise = image("noise", size);
    Operand<TInt32> t = rows("t", TInt32.class);
    Operand<TInt32> tPrev = rows("t_prev", TInt32.class);
    Operand<TInt32> tNext = rows("t_next", TInt32.class);
    Expr eta = new Expr(tf, rows("eta", TFloat32.class));

    label = model.isConditional() ? rows("label", TInt32.class) : null;
    low = model.upsampling() > 1 ? image("low", model.lowSize()) : null;
    guidance = model.allowsGuidance() ? rows("guidance", TFloat32.class) : null;

    Net net = Net.inference(tf, weights);
    Expr plain = model.reverse(net, new Conditions(label, low, null, 0)).denoiser().predict(x, t);
    Expr output =
        guidance == null
            ? plain
            : model.reverse(net, new Conditions(label, low, guidance, 0)).denoiser().predict(x, t);
    ReverseProcess p = model.reverse(tf, (at, s) -> output);
    Sampler.Step step = new Sampler.Step(t, tPrev, () -> noise);
    Sampler.Step oneDown = new Sampler.Step(t, tf.math.sub(t, tf.constant(1)), () -> noise);
    Sampler.Step up = new Sampler.Step(t, tNext, () -> noise);

    Expr epsilon = model.reverse(tf, (at, s) -> plain).estimate(x, t).epsilonHat();
    Operand<TFloat32> eps = tf.withName("eps").identity(epsilon);
    told(signature(ServingSignature.DEFAULT).input("x", x).input("t", t)).output("eps", eps);
    told(signature("eps").input("x", x).input("t", t)).output("eps", eps);

    Sampler.Result ddim = DdimSampler.DETERMINISTIC.step(p, x, step);
    step("ddim_step", x, t).input("t_prev", tPrev).output("x_prev", ddim.xPrev());

    Sampler.Result ddimEta = DdimSampler.withEta(eta.perImage()).step(p, x, step);
    step("ddim_step_eta", x, t)
        .input("t_prev", tPrev)
        .input("eta", eta)
        .input("noise", noise)
        .output("x_prev", ddimEta.xPrev())
        .output("x0", ddimEta.x0Hat())
        .output("eps", ddimEta.epsilonHat());

    Sampler.Result ddpm = new DdpmSampler().step(p.with(Thresholding.STATIC), x, oneDown);
    step("ddpm_step", x, t)
        .input("noise", noise)
        .output("x_prev", ddpm.xPrev())
        .output("x0", ddpm.x0Hat());

    Sampler.Result inverse = DdimSampler.DETERMINISTIC.step(p, x, up);
    step("ddim_invert", x, t).input("t_next", tNext).output("x_next", inverse.xPrev());

    signature("q_sample")
        .input("x0", x0)
        .input("t", t)
        .input("noise", noise)
        .output("x", p.q().qSample(x0, t, noise));

    signature("to_image").input("x", x).output("image", Pixels.of(tf, x));

    Expr alphaBar = model.coefficients(tf).alphaBar(t);
    signature("alpha_bar").input("t", t).output("alpha_bar", tf.reshape(alphaBar, tf.array(-1)));
  }

  Graph graph() {
    return graph;
  }

  List<ServingSignature> signatures() {
    return signatures;
  }

  @Override
  public void close() {
    graph.close();
  }

  /** A signature that takes a step. */
  private ServingSignature step(String key, Expr x, Operand<TInt32> t) {
    ServingSignature signature = told(signature(key).input("x", x).input("t", t));
    return guidance == null ? signature : signature.input("guidance", guidance);
  }

  /**
   * A signature that calls the network: with a label and a low-resolution image, if it sees them.
   */
  private ServingSignature told(ServingSignature signature) {
    if (label != null) {
      signature.input("label", label);
    }
    return low == null ? signature : signature.input("low", low);
  }

  /** A new signature of the model. */
  private ServingSignature signature(String key) {
    ServingSignature signature = new ServingSignature(key);
    signatures.add(signature);
    return signature;
  }

  private Expr image(String name, GraphSpec.Image size) {
    Shape shape = Shape.of(-1, size.getHeight(), size.getWidth(), size.getChannels());
    return new Expr(tf, tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(shape)));
  }

  private <T extends TType> Operand<T> rows(String name, Class<T> type) {
    return tf.withName(name).placeholder(type, Placeholder.shape(Shape.of(-1)));
  }
}
