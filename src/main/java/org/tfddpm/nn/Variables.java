package org.tfddpm.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Weights as resource variables of a training graph, each created when it is first asked for.
 *
 * <p>Resource variables, because reference variables race with the optimizer in the same step.
 */
public final class Variables implements Weights {
  /** What the names of weights begin with in a checkpoint. */
  public static final String LIVE = "live/";

  private final long seed;
  private final Map<String, Variable> byPath = new LinkedHashMap<>();

  /**
   * No weights yet.
   *
   * @param seed of the first values, together with each weight's path
   */
  public Variables(long seed) {
    this.seed = seed;
  }

  /**
   * One variable.
   *
   * @param name under which checkpoints hold it
   * @param first its first value
   * @param handle for ops that change it
   * @param value what it holds when a step begins; gradients are taken with respect to it
   */
  public record Variable(
      String name,
      Shape shape,
      Operand<TFloat32> first,
      Operand<? extends TType> handle,
      Operand<TFloat32> value) {
    /**
     * A new variable.
     *
     * @param name unique in the graph: handles of equal names alias each other
     * @param first its first value, built in tf.withInitScope()
     */
    public static Variable create(Ops tf, String name, Shape shape, Operand<TFloat32> first) {
      VarHandleOp handle =
          tf.withName(name.replace('/', '.'))
              .varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
      tf.withInitScope().assignVariableOp(handle, first);
      return new Variable(name, shape, first, handle, tf.readVariableOp(handle, TFloat32.class));
    }

    /** The name without what stands before its first slash: the dotted path of a weight. */
    public String path() {
      return name.substring(name.indexOf('/') + 1);
    }

    /** Number of float32 values. */
    public long size() {
      return shape.size();
    }
  }

  @Override
  public Operand<TFloat32> get(Ops tf, String path, Shape shape, Init init) {
    Variable variable =
        byPath.computeIfAbsent(
            path,
            p ->
                Variable.create(
                    tf, LIVE + p, shape, init.values(tf.withInitScope(), shape, seedOf(p))));
    if (!variable.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "weight " + path + " is " + variable.shape() + ", asked for as " + shape);
    }
    return variable.value();
  }

  /** All weights created so far, in the order of their creation. */
  public List<Variable> all() {
    return new ArrayList<>(byPath.values());
  }

  /** Number of float32 values in all weights. */
  public long parameters() {
    return byPath.values().stream().mapToLong(Variable::size).sum();
  }

  /** String.hashCode is specified by the language, so a path has the same seed everywhere. */
  private long seedOf(String path) {
    return seed * 0x9E3779B97F4A7C15L + path.hashCode();
  }
}
