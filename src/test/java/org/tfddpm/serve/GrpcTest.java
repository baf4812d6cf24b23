package org.tfddpm.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;
import org.tfddpm.serving.GetModelMetadataRequest;
import org.tfddpm.serving.GetModelMetadataResponse;
import org.tfddpm.serving.GetModelStatusRequest;
import org.tfddpm.serving.ModelServiceGrpc;
import org.tfddpm.serving.ModelSpec;
import org.tfddpm.serving.ModelVersionStatus;
import org.tfddpm.serving.NotOffered;
import org.tfddpm.serving.PredictRequest;
import org.tfddpm.serving.PredictResponse;
import org.tfddpm.serving.PredictionServiceGrpc;
import org.tfddpm.serving.SignatureDefMap;
import org.tfddpm.testing.HandMadeModel;

/** gRPC as its clients see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcTest {
  private Path base;
  private Served served;
  private PredictionServiceGrpc.PredictionServiceBlockingStub predictions;
  private ModelServiceGrpc.ModelServiceBlockingStub modelService;

  @BeforeAll
  void serve(@TempDir Path folder) throws IOException {
    base = folder.resolve("hand");
    HandMadeModel.write(base.resolve("4"), 3);
    served = new Served(List.of(base.toString()), Map.of("hand", Map.of("stable", 4L)));
    predictions = served.grpc(PredictionServiceGrpc.PredictionServiceBlockingStub.class);
    modelService = served.grpc(ModelServiceGrpc.ModelServiceBlockingStub.class);
  }

  @AfterAll
  void close() {
    served.close();
  }

  private static TensorProto.Builder tensor(DataType type, long... shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type);
    for (long size : shape) {
      tensor.getTensorShapeBuilder().addDimBuilder().setSize(size);
    }
    return tensor;
  }

  private static PredictRequest.Builder request(String signature) {
    return PredictRequest.newBuilder()
        .setModelSpec(ModelSpec.newBuilder().setName("hand").setSignatureName(signature));
  }

  private static PredictRequest.Builder two() {
    return request("two")
        .putInputs("a", tensor(DataType.DT_FLOAT, 1, 2).addFloatVal(1).build().toByteString())
        .putInputs("n", tensor(DataType.DT_INT32, 1).addIntVal(5).build().toByteString());
  }

  private static TensorProto output(PredictResponse response, String name) {
    try {
      return TensorProto.parseFrom(response.getOutputsOrThrow(name));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void fails(Status.Code code, String message, Executable call) {
    Status status = assertThrows(StatusRuntimeException.class, call).getStatus();
    assertEquals(code, status.getCode());
    assertEquals(message, status.getDescription());
  }

  @Test
  void predictsAndTellsWhoAnswered() {
    PredictResponse response = predictions.predict(two().build());
    // One value stood for both of a.
    assertEquals(List.of(7f), output(response, "sum").getFloatValList());
    assertEquals(List.of(10), output(response, "twice").getIntValList());
    assertEquals(
        ModelSpec.newBuilder()
            .setName("hand")
            .setSignatureName("two")
            .setVersion(Int64Value.of(4))
            .build(),
        response.getModelSpec());
    PredictResponse filtered = predictions.predict(two().addOutputFilter("twice").build());
    assertEquals(List.of("twice"), List.copyOf(filtered.getOutputsMap().keySet()));
  }

  @Test
  void tensorsAsBytesAndOfAllTypes() {
    ByteBuffer floats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    floats.putFloat(1.5f).putFloat(-2).flip();
    PredictResponse tripled =
        predictions.predict(
            request("")
                .putInputs(
                    "x",
                    tensor(DataType.DT_FLOAT, 2)
                        .setTensorContent(ByteString.copyFrom(floats))
                        .build()
                        .toByteString())
                .build());
    assertEquals(List.of(4.5f, -6f), output(tripled, "y").getFloatValList());
    assertEquals("serving_default", tripled.getModelSpec().getSignatureName());

    Map<String, TensorProto> all =
        Map.of(
            "float32", tensor(DataType.DT_FLOAT, 1).addFloatVal(0.5f).build(),
            "float64", tensor(DataType.DT_DOUBLE, 1).addDoubleVal(0.1).build(),
            "int32", tensor(DataType.DT_INT32, 1).addIntVal(-7).build(),
            "int64", tensor(DataType.DT_INT64, 1).addInt64Val(1L << 60).build(),
            "uint8", tensor(DataType.DT_UINT8, 1).addIntVal(255).build(),
            "bool", tensor(DataType.DT_BOOL, 1).addBoolVal(true).build(),
            "string",
                tensor(DataType.DT_STRING, 1)
                    .addStringVal(ByteString.copyFrom(new byte[] {0, -1, 7}))
                    .build());
    PredictRequest.Builder request = request("types");
    all.forEach((name, tensor) -> request.putInputs(name, tensor.toByteString()));
    PredictResponse same = predictions.predict(request.build());
    all.forEach((name, tensor) -> assertEquals(tensor, output(same, name)));
  }

  @Test
  void whatIsWrongIsSaid() {
    fails(
        Status.Code.INVALID_ARGUMENT,
        "Missing ModelSpec",
        () -> predictions.predict(PredictRequest.getDefaultInstance()));
    fails(
        Status.Code.NOT_FOUND,
        "Servable not found for request: Latest(foot)",
        () ->
            predictions.predict(
                PredictRequest.newBuilder()
                    .setModelSpec(ModelSpec.newBuilder().setName("foot"))
                    .build()));
    fails(
        Status.Code.FAILED_PRECONDITION,
        "Serving signature key \"no\" not found.",
        () -> predictions.predict(request("no").build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "input size does not match signature: 2!=2 len({a,z}) != len({a,n}). Sent extra: {z}."
            + " Missing but required: {n}.",
        () ->
            predictions.predict(
                two().removeInputs("n").putInputs("z", two().getInputsOrThrow("n")).build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "Expected input a to be float but string is provided.",
        () ->
            predictions.predict(
                two()
                    .putInputs(
                        "a",
                        tensor(DataType.DT_STRING, 1, 2)
                            .addStringVal(ByteString.EMPTY)
                            .build()
                            .toByteString())
                    .build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "output tensor alias not found in signature: u Outputs expected to be in the set"
            + " {sum,twice}.",
        () -> predictions.predict(two().addOutputFilter("u").build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "duplicate output tensor alias: sum",
        () -> predictions.predict(two().addOutputFilter("sum").addOutputFilter("sum").build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "a tensor of size 1000000000000: allowed are 0 ... 262144",
        () ->
            predictions.predict(
                two()
                    .putInputs(
                        "a",
                        tensor(DataType.DT_FLOAT, 1_000_000_000_000L)
                            .addFloatVal(1)
                            .build()
                            .toByteString())
                    .build()));
    fails(
        Status.Code.INVALID_ARGUMENT,
        "a tensor that is no TensorProto",
        () ->
            predictions.predict(two().putInputs("a", ByteString.copyFromUtf8("\377\377")).build()));
    fails(
        Status.Code.UNIMPLEMENTED,
        "tensors of int8 are not supported",
        () ->
            predictions.predict(
                two()
                    .putInputs("a", tensor(DataType.DT_INT8, 1).addIntVal(1).build().toByteString())
                    .build()));
  }

  @Test
  void metadata() throws InvalidProtocolBufferException {
    GetModelMetadataRequest.Builder request =
        GetModelMetadataRequest.newBuilder()
            .setModelSpec(ModelSpec.newBuilder().setName("hand").setVersionLabel("stable"));
    GetModelMetadataResponse response =
        predictions.getModelMetadata(request.addMetadataField("signature_def").build());
    assertEquals(4, response.getModelSpec().getVersion().getValue());
    assertEquals(
        "type.googleapis.com/tensorflow.serving.SignatureDefMap",
        response.getMetadataOrThrow("signature_def").getTypeUrl());
    SignatureDefMap map =
        response.getMetadataOrThrow("signature_def").unpack(SignatureDefMap.class);
    SignatureDef two = SignatureDef.parseFrom(map.getSignatureDefOrThrow("two"));
    assertEquals(DataType.DT_INT32, two.getInputsOrThrow("n").getDtype());
    fails(
        Status.Code.INVALID_ARGUMENT,
        "Metadata field x is not supported",
        () -> predictions.getModelMetadata(request.addMetadataField("x").build()));
  }

  @Test
  void status() {
    GetModelStatusRequest.Builder request =
        GetModelStatusRequest.newBuilder().setModelSpec(ModelSpec.newBuilder().setName("hand"));
    ModelVersionStatus status =
        modelService.getModelStatus(request.build()).getModelVersionStatus(0);
    assertEquals(4, status.getVersion());
    assertEquals(ModelVersionStatus.State.AVAILABLE, status.getState());
    assertEquals(0, status.getStatus().getErrorCode());
    request.getModelSpecBuilder().setVersion(Int64Value.of(9));
    fails(
        Status.Code.NOT_FOUND,
        "Could not find version 9 of model hand",
        () -> modelService.getModelStatus(request.build()));
  }

  @Test
  void whatIsNotOffered() {
    NotOffered nothing = NotOffered.getDefaultInstance();
    assertEquals(
        Status.Code.UNIMPLEMENTED,
        assertThrows(StatusRuntimeException.class, () -> predictions.classify(nothing))
            .getStatus()
            .getCode());
    fails(
        Status.Code.PERMISSION_DENIED,
        "models are chosen where the server is started: a caller could have any folder loaded",
        () -> modelService.handleReloadConfigRequest(nothing));
  }

  @Test
  void health() {
    HealthGrpc.HealthBlockingStub health = served.grpc(HealthGrpc.HealthBlockingStub.class);
    for (String service : List.of("", "tensorflow.serving.PredictionService", "ModelService")) {
      assertEquals(
          HealthCheckResponse.ServingStatus.SERVING,
          health.check(HealthCheckRequest.newBuilder().setService(service).build()).getStatus());
    }
  }

  @Test
  void aTokenIsAskedForWhereThereIsOne() {
    try (Served guarded =
        new Served(
            List.of(base.toString()),
            Map.of(),
            Optional.of("correct-horse-battery"),
            1 << 20,
            Duration.ofMinutes(1))) {
      var stub = guarded.grpc(PredictionServiceGrpc.PredictionServiceBlockingStub.class);
      Status status =
          assertThrows(StatusRuntimeException.class, () -> stub.predict(two().build())).getStatus();
      assertEquals(Status.Code.UNAUTHENTICATED, status.getCode());
      assertTrue(String.valueOf(status.getDescription()).contains("bearer token"));
    }
  }
}
