package org.tfddpm.serve;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcHealthCheckService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.healthcheck.SettableHealthChecker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.tfddpm.serve.grpc.ModelRpc;
import org.tfddpm.serve.grpc.PredictionRpc;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.model.Models;
import org.tfddpm.serve.rest.RestService;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.spec.BadInput;

/** A running server. Both ports take REST and gRPC. */
public final class Server implements AutoCloseable {
  private static final String REST = "regex:(?i)^/v1(?:/.*)?$";
  private static final String METRICS = "/monitoring/prometheus/metrics";

  /** For reading and writing requests; TensorFlow has threads of its own. */
  private static final int THREADS = 8;

  private static final Duration QUIET = Duration.ofMillis(100);

  private static final List<String> SERVICES =
      List.of(
          "tensorflow.serving.PredictionService",
          "tensorflow.serving.ModelService",
          "PredictionService",
          "ModelService");

  private final com.linecorp.armeria.server.Server armeria;
  private final SettableHealthChecker health;

  private Server(com.linecorp.armeria.server.Server armeria, SettableHealthChecker health) {
    this.armeria = armeria;
    this.health = health;
  }

  /**
   * Starts to listen.
   *
   * @param models stay the caller's to close, after this
   * @throws BadInput if the addresses or the certificate cannot be had
   */
  public static Server start(ServeOptions options, Models models, Metrics metrics) {
    SettableHealthChecker health = new SettableHealthChecker(true);
    ServerBuilder builder = com.linecorp.armeria.server.Server.builder();
    listen(builder, options, options.address());
    listen(
        builder,
        options,
        new InetSocketAddress(options.address().getAddress(), options.grpcPort()));
    long nanos = options.timeout().toNanos();
    RestService rest =
        new RestService(models, metrics, new RestService.Limits(options.maxBody(), nanos));
    builder
        .service(REST, new Door(rest, options.token()))
        .service(
            grpc(options, models, metrics, health), inside -> new Door(inside, options.token()))
        .service(
            METRICS,
            new Door(
                (context, request) ->
                    HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, metrics.scrape()),
                options.token()))
        // A browser has no token when it asks for the page.
        .serviceUnder("/", new Door(Page.of(models.names()), Optional.empty()))
        // REST and gRPC have limits of their own, with answers of their own.
        .maxRequestLength(0)
        // Answers of our own come first.
        .requestTimeout(options.timeout().plus(Duration.ofSeconds(1)))
        .errorHandler(new Errors())
        .blockingTaskExecutor(THREADS)
        .meterRegistry(NoopMeterRegistry.get())
        .gracefulShutdownTimeout(quiet(options.drain()), options.drain())
        .disableServerHeader()
        .disableDateHeader();
    com.linecorp.armeria.server.Server armeria;
    try {
      armeria = builder.build();
      armeria.start().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BadInput(
          "--host "
              + options.address().getHostString()
              + " --port "
              + options.address().getPort()
              + " --grpc-port "
              + options.grpcPort()
              + ": cannot listen there: "
              + cause.getMessage(),
          e);
    }
    return new Server(armeria, health);
  }

  /** How long nothing must have run at the end. Without it, Armeria waits for nothing at all. */
  private static Duration quiet(Duration drain) {
    return drain.compareTo(QUIET) < 0 ? drain : QUIET;
  }

  private static void listen(
      ServerBuilder builder, ServeOptions options, InetSocketAddress address) {
    if (options.tls().isEmpty()) {
      builder.http(address);
      return;
    }
    ServeOptions.Tls tls = options.tls().get();
    try {
      builder.https(address).tls(TlsKeyPair.of(tls.key().toFile(), tls.certificate().toFile()));
    } catch (RuntimeException e) {
      throw new BadInput(
          "--tls-cert "
              + tls.certificate()
              + " --tls-key "
              + tls.key()
              + ": allowed are PEM files, the key PKCS#8 and not encrypted",
          e);
    }
  }

  private static GrpcService grpc(
      ServeOptions options, Models models, Metrics metrics, SettableHealthChecker health) {
    var healthService = GrpcHealthCheckService.builder().checkers(health);
    SERVICES.forEach(name -> healthService.serviceCheckers(name, health));
    return GrpcService.builder()
        .addService(
            new PredictionRpc(models, metrics, options.maxBody(), options.timeout().toNanos()))
        .addService(new ModelRpc(models))
        .addService(healthService.build())
        .maxRequestMessageLength(options.maxBody())
        .maxResponseMessageLength(Integer.MAX_VALUE)
        .useBlockingTaskExecutor(true)
        .exceptionHandler(
            (context, status, cause, metadata) ->
                cause instanceof Failure failure
                    ? io.grpc.Status.fromCodeValue(failure.code().number())
                        .withDescription(failure.text())
                    : null)
        .build();
  }

  /** The port of REST. */
  public int port() {
    return ports().get(0);
  }

  /** The port of gRPC. */
  public int grpcPort() {
    return ports().get(1);
  }

  /** In the order in which they were asked for. */
  private List<Integer> ports() {
    return armeria.activePorts().values().stream()
        .map(port -> port.localAddress().getPort())
        .toList();
  }

  /** Takes no new requests and waits for those that run, as long as they may take. */
  @Override
  public void close() {
    health.setHealthy(false);
    armeria.stop().join();
  }
}
