package org.tfddpm.model;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.nn.Net;
import org.tfddpm.nn.Variables;
import org.tfddpm.nn.Weights;
import org.tfddpm.spec.GraphSpec;

/**
 * What a model costs, counted on its graph without running it.
 *
 * @param parameters float32 values in all weights
 * @param multiplyAdds of convolutions and matrix products for one image, one pass
 * @param activationBytes what a pass over one image calculates and training keeps for the
 *     gradients, at most
 */
public record ModelSize(long parameters, long multiplyAdds, long activationBytes) {
  private static final int FLOAT_BYTES = 4;

  /** Weights, gradients, two moments and averages. */
  private static final int COPIES_IN_TRAINING = 5;

  /** Counts a model. */
  public static ModelSize of(Model model) {
    try (Graph graph = new Graph()) {
      Variables variables = new Variables(0);
      build(model, Ops.create(graph), variables);
      long multiplyAdds = 0;
      long activations = 0;
      for (Iterator<GraphOperation> ops = graph.operations(); ops.hasNext(); ) {
        GraphOperation op = ops.next();
        multiplyAdds += multiplyAdds(op);
        activations += activationValues(op);
      }
      return new ModelSize(variables.parameters(), multiplyAdds, activations * FLOAT_BYTES);
    }
  }

  /** The shapes of a model's weights by path, in the order in which it asks for them. */
  public static Map<String, Shape> weights(Model model) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      build(
          model,
          Ops.create(graph),
          (tf, path, shape, init) -> {
            shapes.put(path, shape);
            return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
          });
    }
    return shapes;
  }

  /** The network for one image. */
  private static void build(Model model, Ops tf, Weights weights) {
    GraphSpec.Image image = model.spec().getImage();
    Shape one = Shape.of(1, image.getHeight(), image.getWidth(), image.getChannels());
    Expr x = new Expr(tf, tf.placeholder(TFloat32.class, Placeholder.shape(one)));
    Placeholder<TInt32> t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    Net net = Net.inference(tf, weights);
    if (model.isClassifier()) {
      model.classifier(net).look(x, t);
    } else {
      Conditions told = model.isConditional() ? Conditions.label(t) : Conditions.NONE;
      model.reverse(net, told.withLow(model.low(x))).denoiser().predict(x, t);
    }
  }

  /** Bytes of weights, gradients, moments and averages while training. */
  public long trainingStateBytes() {
    return COPIES_IN_TRAINING * FLOAT_BYTES * parameters;
  }

  private static long multiplyAdds(GraphOperation op) {
    return switch (op.type()) {
      case "Conv2D" -> {
        Shape kernel = op.input(1).shape();
        yield op.output(0).shape().size() * kernel.get(0) * kernel.get(1) * kernel.get(2);
      }
      case "MatMul" -> op.output(0).shape().size() * op.input(1).shape().get(0);
      case "BatchMatMulV2" -> {
        Shape left = op.input(0).shape();
        yield op.output(0).shape().size() * left.get(left.numDimensions() - 1);
      }
      default -> 0;
    };
  }

  /** Feature maps only: what has a batch and is no reshaped view of its input. */
  private static long activationValues(GraphOperation op) {
    if (op.type().equals("Reshape") || op.numOutputs() == 0) {
      return 0;
    }
    Output<?> output = op.output(0);
    boolean map =
        output.dataType() == org.tensorflow.proto.DataType.DT_FLOAT
            && output.shape().numDimensions() == 4
            && output.shape().get(0) == 1;
    return map ? output.shape().size() : 0;
  }
}
