package org.tfddpm.export;

import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A signature of an exported model, as TensorFlow Serving wants it. TensorFlow Java's own does not
 * give its message away.
 */
final class ServingSignature {
  /** The signature that is taken where none is named. */
  static final String DEFAULT = "serving_default";

  /** The method name that TensorFlow Serving asks of a signature. */
  private static final String PREDICT = "tensorflow/serving/predict";

  private final String key;
  private boolean warmed = true;
  private final SignatureDef.Builder definition = SignatureDef.newBuilder().setMethodName(PREDICT);

  ServingSignature(String key) {
    this.key = key;
  }

  ServingSignature input(String name, Operand<?> placeholder) {
    definition.putInputs(name, info(placeholder.asOutput()));
    return this;
  }

  ServingSignature output(String name, Operand<?> value) {
    definition.putOutputs(name, info(value.asOutput()));
    return this;
  }

  /** Leaves it out of what servers try before they serve. */
  ServingSignature unwarmed() {
    warmed = false;
    return this;
  }

  /** Whether servers are to try it before they serve. */
  boolean isWarmed() {
    return warmed;
  }

  String key() {
    return key;
  }

  SignatureDef definition() {
    return definition.build();
  }

  private static TensorInfo info(Output<?> output) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : output.shape().asArray()) {
      shape.addDimBuilder().setSize(size);
    }
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(output.dataType())
        .setTensorShape(shape)
        .build();
  }
}
