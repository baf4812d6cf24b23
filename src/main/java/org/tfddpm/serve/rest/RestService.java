package org.tfddpm.serve.rest;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.tensorflow.proto.SignatureDef;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.model.Lease;
import org.tfddpm.serve.model.Models;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** Answers what comes below /v1/. */
public final class RestService implements HttpService {
  private final Models models;
  private final Metrics metrics;
  private final Limits limits;

  /**
   * What a request may take.
   *
   * @param body bytes, unpacked
   * @param nanos time
   */
  public record Limits(int body, long nanos) {}

  /** Answers for some models. */
  public RestService(Models models, Metrics metrics, Limits limits) {
    this.models = models;
    this.metrics = metrics;
    this.limits = limits;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    RestCall call;
    try {
      call = RestCall.parse(request.method().name(), context.path());
      if (!call.verb().equals(RestCall.PREDICT)) {
        return json(HttpStatus.OK, look(call));
      }
    } catch (RuntimeException e) {
      return failed(e);
    }
    long start = System.nanoTime();
    return HttpResponse.of(
        Body.read(request, limits.body())
            .thenComposeAsync(
                body -> predict(context, call, unpacked(request, body)),
                context.blockingTaskExecutor())
            .handle(
                (answer, thrown) -> {
                  Code code = thrown == null ? Code.OK : Failure.of(thrown).code();
                  metrics.request(
                      models.latest(call.model().name()).isPresent() ? call.model().name() : "",
                      code.name(),
                      "Predict",
                      "REST",
                      System.nanoTime() - start);
                  return thrown == null ? json(HttpStatus.OK, answer) : failed(thrown);
                }));
  }

  /** Status and metadata. */
  private String look(RestCall call) {
    if (call.verb().equals(RestCall.STATUS)) {
      return JsonAnswer.status(models.status(call.model()));
    }
    if (!call.verb().equals(RestCall.METADATA)) {
      throw new Failure(
          Code.UNIMPLEMENTED, "\"" + call.verb() + "\" is not offered: allowed is predict");
    }
    try (Lease lease = models.find(call.model())) {
      return JsonAnswer.metadata(
          call.model().name(), lease.version().number(), lease.version().signatures());
    }
  }

  private CompletableFuture<String> predict(
      ServiceRequestContext context, RestCall call, byte[] body) {
    Lease lease = models.find(call.model());
    try {
      JsonRequest request = JsonRequest.parse(body);
      SignatureDef signature = lease.version().signatures().get(request.signature());
      if (signature == null) {
        throw Failure.invalid(
            "Serving signature name: \"%s\" not found in signature def", request.signature());
      }
      Map<String, Value> inputs = request.inputs(signature);
      CompletableFuture<Map<String, Value>> outputs =
          lease.predict(request.signature(), inputs, Set.of(), limits.nanos());
      var unused = context.whenRequestCancelling().thenRun(() -> outputs.cancel(false));
      return outputs.thenApplyAsync(
          request.byRows() ? JsonAnswer::rows : JsonAnswer::columns,
          context.blockingTaskExecutor());
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private byte[] unpacked(HttpRequest request, byte[] body) {
    if (!"gzip".equalsIgnoreCase(request.headers().get(HttpHeaderNames.CONTENT_ENCODING))) {
      return body;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] unpacked = in.readNBytes(limits.body() + 1);
      if (unpacked.length > limits.body()) {
        throw Body.tooLong(limits.body());
      }
      return unpacked;
    } catch (IOException e) {
      throw new Failure(Code.INVALID_ARGUMENT, "a body that is not gzip, as it is said to be", e);
    }
  }

  private static HttpResponse failed(Throwable thrown) {
    Failure failure = Failure.of(thrown);
    return json(HttpStatus.valueOf(failure.http()), JsonAnswer.error(failure.text()));
  }

  private static HttpResponse json(HttpStatus status, String text) {
    return HttpResponse.of(status, MediaType.JSON, text);
  }
}
