package org.tfddpm.nn;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Weights as constants, each a node named by its dotted path: for graphs that use a network, and
 * for exported models, from which they can be read again.
 */
public final class FrozenWeights implements Weights {
  private final Map<String, TFloat32> values;
  private final Precision precision;
  private final IdentityHashMap<ExecutionEnvironment, Constants> byGraph = new IdentityHashMap<>();

  /** The constants of a graph, and what builds ops at its root. */
  private record Constants(Ops root, Map<String, Operand<TFloat32>> byPath) {}

  /**
   * These weights.
   *
   * @param values by path; copied into each graph that asks for them
   */
  public FrozenWeights(Map<String, TFloat32> values) {
    this(values, Precision.FLOAT32);
  }

  /**
   * These weights, for convolutions in this precision; the constants are float32 all the same.
   *
   * @param values by path; copied into each graph that asks for them
   */
  public FrozenWeights(Map<String, TFloat32> values, Precision precision) {
    this.values = values;
    this.precision = precision;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public Operand<TFloat32> get(Ops tf, String path, Shape shape, Init init) {
    TFloat32 value = values.get(path);
    if (value == null) {
      throw new IllegalArgumentException("there is no weight " + path);
    }
    if (!value.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "weight " + path + " is " + value.shape() + ", asked for as " + shape);
    }
    Constants constants =
        byGraph.computeIfAbsent(
            tf.scope().env(), graph -> new Constants(Ops.create(graph), new LinkedHashMap<>()));
    return constants.byPath.computeIfAbsent(
        path, p -> constants.root.withName(p).constantOf(value));
  }
}
