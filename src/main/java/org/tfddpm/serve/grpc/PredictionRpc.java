package org.tfddpm.serve.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.tensorflow.proto.SignatureDef;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.model.Lease;
import org.tfddpm.serve.model.ModelChoice;
import org.tfddpm.serve.model.Models;
import org.tfddpm.serve.model.Signatures;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.TensorProtos;
import org.tfddpm.serve.value.Value;
import org.tfddpm.serving.GetModelMetadataRequest;
import org.tfddpm.serving.GetModelMetadataResponse;
import org.tfddpm.serving.ModelSpec;
import org.tfddpm.serving.PredictRequest;
import org.tfddpm.serving.PredictResponse;
import org.tfddpm.serving.PredictionServiceGrpc;
import org.tfddpm.serving.SignatureDefMap;

/** Runs signatures and tells which there are. The other calls of the service are unimplemented. */
public final class PredictionRpc extends PredictionServiceGrpc.PredictionServiceImplBase {
  private static final String SIGNATURE_DEF = "signature_def";

  private final Models models;
  private final Metrics metrics;
  private final long mostBytes;
  private final long mostNanos;

  /**
   * Answers for some models.
   *
   * @param mostBytes of a tensor
   * @param mostNanos that a request may take
   */
  public PredictionRpc(Models models, Metrics metrics, long mostBytes, long mostNanos) {
    this.models = models;
    this.metrics = metrics;
    this.mostBytes = mostBytes;
    this.mostNanos = mostNanos;
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> answer) {
    long start = System.nanoTime();
    ServiceRequestContext context = ServiceRequestContext.current();
    CompletableFuture<PredictResponse> response;
    try {
      response = predict(request, context);
    } catch (RuntimeException | Error e) {
      response = CompletableFuture.failedFuture(e);
    }
    String name = request.getModelSpec().getName();
    var unused =
        response.whenComplete(
            (outputs, thrown) -> {
              Failure failure = thrown == null ? null : Failure.of(thrown);
              metrics.request(
                  models.latest(name).isPresent() ? name : "",
                  (failure == null ? Code.OK : failure.code()).name(),
                  "Predict",
                  "GRPC",
                  System.nanoTime() - start);
              if (failure == null) {
                answer.onNext(outputs);
                answer.onCompleted();
              } else {
                answer.onError(Rpc.status(failure));
              }
            });
  }

  private CompletableFuture<PredictResponse> predict(
      PredictRequest request, ServiceRequestContext context) {
    ModelChoice choice = Rpc.choice(request.hasModelSpec(), request.getModelSpec());
    Lease lease = models.find(choice);
    try {
      String key = Signatures.named(request.getModelSpec().getSignatureName());
      Map<String, Value> inputs = new TreeMap<>();
      for (Map.Entry<String, ByteString> input : request.getInputsMap().entrySet()) {
        inputs.put(input.getKey(), TensorProtos.parse(input.getValue(), mostBytes));
      }
      CompletableFuture<Map<String, Value>> outputs =
          lease.predict(key, inputs, filter(request), nanos(context));
      var unused = context.whenRequestCancelling().thenRun(() -> outputs.cancel(false));
      ModelSpec answered = spec(choice.name(), lease.version().number(), key);
      return outputs.thenApplyAsync(
          values -> response(answered, values), context.blockingTaskExecutor());
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private static Set<String> filter(PredictRequest request) {
    Set<String> filter = new TreeSet<>();
    for (String output : request.getOutputFilterList()) {
      if (!filter.add(output)) {
        throw Failure.invalid("duplicate output tensor alias: %s", output);
      }
    }
    return filter;
  }

  /** The client's deadline, or the server's limit if that is nearer. */
  private long nanos(ServiceRequestContext context) {
    long millis = context.requestTimeoutMillis();
    return millis <= 0 ? mostNanos : Math.min(mostNanos, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static PredictResponse response(ModelSpec answered, Map<String, Value> values) {
    PredictResponse.Builder response = PredictResponse.newBuilder().setModelSpec(answered);
    values.forEach(
        (name, value) -> response.putOutputs(name, TensorProtos.of(value).toByteString()));
    return response.build();
  }

  private static ModelSpec spec(String name, long version, String signature) {
    return ModelSpec.newBuilder()
        .setName(name)
        .setVersion(Int64Value.of(version))
        .setSignatureName(signature)
        .build();
  }

  @Override
  public void getModelMetadata(
      GetModelMetadataRequest request, StreamObserver<GetModelMetadataResponse> answer) {
    GetModelMetadataResponse response;
    try {
      response = metadata(request);
    } catch (RuntimeException e) {
      answer.onError(Rpc.status(Failure.of(e)));
      return;
    }
    answer.onNext(response);
    answer.onCompleted();
  }

  private GetModelMetadataResponse metadata(GetModelMetadataRequest request) {
    ModelChoice choice = Rpc.choice(request.hasModelSpec(), request.getModelSpec());
    if (request.getMetadataFieldCount() == 0) {
      throw Failure.invalid("GetModelMetadataRequest must specify at least one metadata_field");
    }
    for (String field : request.getMetadataFieldList()) {
      if (!field.equals(SIGNATURE_DEF)) {
        throw Failure.invalid("Metadata field %s is not supported", field);
      }
    }
    try (Lease lease = models.find(choice)) {
      SignatureDefMap.Builder signatures = SignatureDefMap.newBuilder();
      for (Map.Entry<String, SignatureDef> each : lease.version().signatures().entrySet()) {
        signatures.putSignatureDef(each.getKey(), each.getValue().toByteString());
      }
      return GetModelMetadataResponse.newBuilder()
          .setModelSpec(spec(choice.name(), lease.version().number(), ""))
          .putMetadata(SIGNATURE_DEF, Any.pack(signatures.build()))
          .build();
    }
  }
}
