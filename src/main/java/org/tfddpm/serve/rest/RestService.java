package org.tfddpm.serve.rest;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
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
    context.setMaxRequestLength(limits.body());
    if (request.headers().contentLength() > limits.body()) {
      return json(HttpStatus.REQUEST_ENTITY_TOO_LARGE, JsonAnswer.error(tooLarge().text()));
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenComposeAsync(
                whole -> predict(context, call, whole), context.blockingTaskExecutor())
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
      ServiceRequestContext context, RestCall call, AggregatedHttpRequest whole) {
    Lease lease = models.find(call.model());
    try {
      JsonRequest request = JsonRequest.parse(body(whole));
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

  private byte[] body(AggregatedHttpRequest whole) {
    byte[] body = whole.content().array();
    if (!"gzip".equalsIgnoreCase(whole.headers().get(HttpHeaderNames.CONTENT_ENCODING))) {
      return body;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] unpacked = in.readNBytes(limits.body() + 1);
      if (unpacked.length > limits.body()) {
        throw tooLarge();
      }
      return unpacked;
    } catch (IOException e) {
      throw new Failure(Code.INVALID_ARGUMENT, "a body that is not gzip, as it is said to be", e);
    }
  }

  private Failure tooLarge() {
    return new Failure(
        Code.RESOURCE_EXHAUSTED, "a body of over " + limits.body() + " bytes: see --max-body");
  }

  private HttpResponse failed(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ContentTooLargeException) {
      return json(HttpStatus.REQUEST_ENTITY_TOO_LARGE, JsonAnswer.error(tooLarge().text()));
    }
    Failure failure = Failure.of(cause);
    return json(HttpStatus.valueOf(failure.code().http()), JsonAnswer.error(failure.text()));
  }

  private static HttpResponse json(HttpStatus status, String text) {
    return HttpResponse.of(status, MediaType.JSON, text);
  }
}
