package org.tfddpm.nn;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What a layer needs to know of where it is being built: the graph, the weights, its own place
 * among them, and how the network is run. Layers are static functions of a Net and their inputs, so
 * that a network reads {@code conv(net.in("conv1"), swish(net, x), channels, 3)}.
 *
 * @param path dotted path of the layer, empty for the network itself
 * @param dropout how activations are dropped: in training only
 * @param precision where convolutions calculate
 */
public record Net(Ops tf, Weights weights, String path, Dropout dropout, Precision precision) {
  /** A network that is used, not trained: nothing is dropped. */
  public static Net inference(Ops tf, Weights weights) {
    return new Net(tf, weights, "", Dropout.NONE, weights.precision());
  }

  /** A network in training. */
  public static Net training(Ops tf, Weights weights, Dropout dropout, Precision precision) {
    return new Net(tf, weights, "", dropout, precision);
  }

  /**
   * The place one step further down the path. It is no scope of the graph: opening one walks all
   * ops that there are, which makes the building of a network quadratic.
   */
  public Net in(String name) {
    return new Net(tf, weights, child(name), dropout, precision);
  }

  /**
   * Builds an op that is named after this place, so that errors and profiles tell where they are.
   */
  public Ops named() {
    return tf.withName(path);
  }

  /** The weight {@code path.name}. */
  public Operand<TFloat32> weight(String name, Shape shape, Init init) {
    return weights.get(tf, child(name), shape, init);
  }

  private String child(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
