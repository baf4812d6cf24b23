package org.tfddpm.export;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tfddpm.run.TfRecord;
import org.tfddpm.serving.ModelSpec;
import org.tfddpm.serving.PredictLog;
import org.tfddpm.serving.PredictRequest;
import org.tfddpm.serving.PredictionLog;

/**
 * assets.extra/tf_serving_warmup_requests: what a server asks a new version before others may, so
 * that the first of them does not wait for the graph to be planned. A TFRecord file of
 * PredictionLog: each signature that is to be warm with each allowed number of rows, all of them
 * zero.
 */
final class WarmUp {
  static final String FILE = "tf_serving_warmup_requests";

  private WarmUp() {}

  /**
   * The file's content.
   *
   * @param model its name
   * @param signatures of the model
   * @param sizes numbers of rows
   */
  static byte[] of(String model, List<ServingSignature> signatures, List<Integer> sizes)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (ServingSignature signature : signatures) {
      if (!signature.isWarmed()) {
        continue;
      }
      for (int rows : sizes) {
        PredictionLog log =
            PredictionLog.newBuilder()
                .setPredictLog(PredictLog.newBuilder().setRequest(request(model, signature, rows)))
                .build();
        TfRecord.write(file, log.toByteArray());
      }
    }
    return file.toByteArray();
  }

  private static PredictRequest request(String model, ServingSignature signature, int rows) {
    PredictRequest.Builder request =
        PredictRequest.newBuilder()
            .setModelSpec(ModelSpec.newBuilder().setName(model).setSignatureName(signature.key()));
    signature
        .definition()
        .getInputsMap()
        .forEach((name, input) -> request.putInputs(name, zeros(input, rows)));
    return request.build();
  }

  /** One value fills the shape; t_prev 0 and label 0 are allowed everywhere. */
  private static ByteString zeros(TensorInfo input, int rows) {
    TensorShapeProto.Builder shape = input.getTensorShape().toBuilder();
    shape.getDimBuilder(0).setSize(rows);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDtype(input.getDtype()).setTensorShape(shape);
    if (input.getDtype() == DataType.DT_FLOAT) {
      tensor.addFloatVal(0);
    } else {
      tensor.addIntVal(0);
    }
    return tensor.build().toByteString();
  }
}
