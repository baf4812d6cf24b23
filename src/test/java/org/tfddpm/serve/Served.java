package org.tfddpm.serve;

import com.linecorp.armeria.client.grpc.GrpcClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.serve.batch.Batching;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.model.ModelPlace;
import org.tfddpm.serve.model.ModelVersion;
import org.tfddpm.serve.model.Models;

/** A server on free ports of this machine, and clients of it. */
final class Served implements AutoCloseable {
  final List<String> log = new CopyOnWriteArrayList<>();
  final Models models;
  final Server server;
  private final HttpClient client = HttpClient.newHttpClient();

  /** What REST answered. */
  record Answer(int status, String body) {}

  Served(List<String> places, Map<String, Map<String, Long>> labels) {
    this(places, labels, Optional.empty(), 1 << 20, Duration.ofMinutes(1));
  }

  Served(
      List<String> places,
      Map<String, Map<String, Long>> labels,
      Optional<String> token,
      int maxBody,
      Duration timeout) {
    Metrics metrics = new Metrics();
    models =
        new Models(
            places.stream().map(ModelPlace::parse).toList(),
            labels,
            new ModelVersion.Settings(
                ConfigProto.getDefaultInstance(),
                new Batching(32, Duration.ofMillis(2), 64, List.of()),
                40),
            metrics,
            log::add);
    server =
        Server.start(
            new ServeOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                0,
                Optional.empty(),
                token,
                maxBody,
                timeout,
                Duration.ofSeconds(20)),
            models,
            metrics);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Answer get(String path) {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri(path)));
    return new Answer(response.statusCode(), response.body());
  }

  Answer post(String path, String body) {
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    return new Answer(response.statusCode(), response.body());
  }

  <T> T grpc(Class<T> stub) {
    return GrpcClients.builder("gproto+http://127.0.0.1:" + server.grpcPort() + "/").build(stub);
  }

  @Override
  public void close() {
    server.close();
    models.close();
  }
}
