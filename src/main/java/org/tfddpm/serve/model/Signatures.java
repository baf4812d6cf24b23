package org.tfddpm.serve.model;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Element;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** What signatures ask of requests. */
public final class Signatures {
  /** The one that is meant where none is named. */
  public static final String DEFAULT = "serving_default";

  private Signatures() {}

  /** The key that a request means. */
  public static String named(String asked) {
    return asked.isEmpty() ? DEFAULT : asked;
  }

  /**
   * Whether requests to a signature can be merged: the first dimension of all that it takes and
   * gives is open.
   */
  static boolean canBeMerged(SignatureDef signature) {
    return signature.getInputsCount() > 0
        && signature.getInputsMap().values().stream().allMatch(Signatures::hasRows)
        && signature.getOutputsMap().values().stream().allMatch(Signatures::hasRows);
  }

  private static boolean hasRows(TensorInfo info) {
    TensorShapeProto shape = info.getTensorShape();
    return !shape.getUnknownRank() && shape.getDimCount() > 0 && shape.getDim(0).getSize() < 0;
  }

  /**
   * Checks names, types and shapes.
   *
   * @throws Failure INVALID_ARGUMENT, in the words of TensorFlow Serving
   */
  static void check(SignatureDef signature, Map<String, Value> inputs, Set<String> filter) {
    Set<String> wanted = new TreeSet<>(signature.getInputsMap().keySet());
    Set<String> given = new TreeSet<>(inputs.keySet());
    if (!wanted.equals(given)) {
      Set<String> extra = new TreeSet<>(given);
      extra.removeAll(wanted);
      Set<String> missing = new TreeSet<>(wanted);
      missing.removeAll(given);
      throw Failure.invalid(
          "input size does not match signature: %d!=%d len({%s}) != len({%s}). Sent extra: {%s}."
              + " Missing but required: {%s}.",
          given.size(), wanted.size(), list(given), list(wanted), list(extra), list(missing));
    }
    inputs.forEach((name, value) -> check(name, signature.getInputsOrThrow(name), value));
    for (String output : filter) {
      if (!signature.containsOutputs(output)) {
        throw Failure.invalid(
            "output tensor alias not found in signature: %s Outputs expected to be in the set {%s}.",
            output, list(new TreeSet<>(signature.getOutputsMap().keySet())));
      }
    }
  }

  private static void check(String name, TensorInfo info, Value value) {
    if (info.getName().isEmpty()) {
      throw new Failure(Code.UNIMPLEMENTED, "input " + name + " is no dense tensor");
    }
    if (info.getDtype() != value.element().type()) {
      throw Failure.invalid(
          "Expected input %s to be %s but %s is provided.",
          name, Element.name(info.getDtype()), Element.name(value.element().type()));
    }
    Shape shape = shape(info);
    if (!value.shape().isCompatibleWith(shape)) {
      throw Failure.invalid(
          "Expected input %s to have the shape %s but %s is provided.",
          name, Value.text(shape), Value.text(value.shape()));
    }
  }

  private static Shape shape(TensorInfo info) {
    TensorShapeProto shape = info.getTensorShape();
    return shape.getUnknownRank()
        ? Shape.unknown()
        : Shape.of(shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray());
  }

  private static String list(Set<String> names) {
    return String.join(",", names);
  }
}
