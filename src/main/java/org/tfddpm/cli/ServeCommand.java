package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.tfddpm.device.Device;
import org.tfddpm.run.Folders;
import org.tfddpm.serve.ServeOptions;
import org.tfddpm.serve.Server;
import org.tfddpm.serve.batch.Batching;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.model.ModelPlace;
import org.tfddpm.serve.model.ModelVersion;
import org.tfddpm.serve.model.Models;
import org.tfddpm.spec.BadInput;

/** {@code tfddpm serve}. */
final class ServeCommand implements Command {
  private static final int POLL_MILLIS = 1000;
  private static final int SHORTEST_TOKEN = 16;

  /** Kept, since loggers that nobody keeps forget their level. */
  private static final List<Logger> STACK =
      List.of(Logger.getLogger("com.linecorp.armeria"), Logger.getLogger("io.netty"));

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String sentence() {
    return "Serves exported models by the protocols of TensorFlow Serving, REST and gRPC.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag("model", "[NAME=]DIR", "folder with versions of a model (needed, may be repeated)"),
        flag("label", "NAME/LABEL=N", "a label for a version, which is then kept; may be repeated"),
        flag("host", "ADDRESS", "where to listen (default 127.0.0.1)"),
        flag("port", "N", "port of REST (default 8501; 0: any free one)"),
        flag("grpc-port", "N", "port of gRPC (default 8500; 0: any free one)"),
        flag("tls-cert", "FILE", "certificate, PEM with its chain"),
        flag("tls-key", "FILE", "its key, PEM, PKCS#8"),
        flag("token-file", "FILE", "file with the bearer token that requests must bring"),
        flag("insecure", "listens beyond this machine without TLS and token"),
        flag("device", "auto|cpu|gpu", "where to run (default auto: a GPU where there is one)"),
        flag("max-batch", "N", "most rows that are run at once (default 32)"),
        flag("batch-timeout-ms", "N", "how long a request waits for others (default 2)"),
        flag("queue", "N", "most rows that wait for a signature (default 1024)"),
        flag("max-rows", "N", "most rows of a request (default 1024)"),
        flag("max-body", "BYTES", "largest request (default 67108864)"),
        flag("timeout", "SECONDS", "longest time of a request (default 300)"),
        flag("drain", "SECONDS", "how long requests may go on after SIGTERM (default 30)"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "serve --model export/models/digits --model export/models/digits_sampler",
        "serve --model digits=/srv/digits --host 0.0.0.0 --tls-cert c.pem --tls-key k.pem"
            + " --token-file token");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    List<ModelPlace> places = places(flags);
    ServeOptions options = options(flags);
    Batching batching = batching(flags);
    int maxRows = integer(flags, "max-rows", 1, 1 << 20, 1024);
    Map<String, Map<String, Long>> labels = labels(flags, places);
    Device device = flags.choice("device", Device.class).orElse(Device.AUTO);
    Level level = console.verbose() ? Level.INFO : Level.SEVERE;
    STACK.forEach(logger -> logger.setLevel(level));
    console.startTensorFlow();
    Metrics metrics = new Metrics();
    ModelVersion.Settings settings = new ModelVersion.Settings(device.config(), batching, maxRows);
    CountDownLatch stop = new CountDownLatch(1);
    StopSignals.caught(
        () -> {
          console.err().println("stopping: no new requests, those that run are finished");
          stop.countDown();
        });
    try (Models models = new Models(places, labels, settings, metrics, console.err()::println);
        Server server = Server.start(options, models, metrics)) {
      models.watch(POLL_MILLIS, console.err()::println);
      console.out().println(ready(options, server, models));
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Main.OK;
  }

  /** The line that tells where everything is. */
  private static String ready(ServeOptions options, Server server, Models models) {
    String scheme = options.tls().isPresent() ? "https" : "http";
    String host = options.address().getAddress().getHostAddress();
    return "serving "
        + models.names().stream()
            .map(name -> name + "/" + models.latest(name).map(String::valueOf).orElse("-"))
            .collect(Collectors.joining(", "))
        + " at "
        + scheme
        + "://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + server.port()
        + ", gRPC at port "
        + server.grpcPort();
  }

  private static List<ModelPlace> places(Flags flags) {
    List<ModelPlace> places = new ArrayList<>();
    for (String model : flags.texts("model")) {
      places.add(ModelPlace.parse(model));
    }
    if (places.isEmpty()) {
      throw new BadInput("--model DIR is needed: a folder that export has written");
    }
    return places;
  }

  private static Map<String, Map<String, Long>> labels(Flags flags, List<ModelPlace> places) {
    Map<String, Map<String, Long>> labels = new HashMap<>();
    for (String label : flags.texts("label")) {
      String[] parts = label.split("[/=]", -1);
      boolean known =
          parts.length == 3
              && parts[1].matches("[a-zA-Z0-9_]+")
              && parts[2].matches("\\d{1,18}")
              && places.stream().anyMatch(place -> place.name().equals(parts[0]));
      if (!known) {
        throw new BadInput(
            "--label "
                + label
                + ": allowed is NAME/LABEL=N, such as "
                + places.get(0).name()
                + "/stable=1");
      }
      labels
          .computeIfAbsent(parts[0], name -> new HashMap<>())
          .put(parts[1], Long.parseLong(parts[2]));
    }
    return labels;
  }

  private static Batching batching(Flags flags) {
    return new Batching(
        integer(flags, "max-batch", 1, 1 << 16, 32),
        Duration.ofMillis(integer(flags, "batch-timeout-ms", 0, 60_000, 2)),
        integer(flags, "queue", 1, 1 << 20, 1024),
        List.of());
  }

  private static ServeOptions options(Flags flags) {
    String host = flags.text("host").orElse("127.0.0.1");
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new BadInput("--host " + host + ": no such address", e);
    }
    Optional<ServeOptions.Tls> tls = tls(flags);
    Optional<String> token = flags.path("token-file").map(ServeCommand::token);
    boolean open = !address.isLoopbackAddress() && (tls.isEmpty() || token.isEmpty());
    if (open && !flags.has("insecure")) {
      throw new BadInput(
          "--host "
              + host
              + ": beyond this machine allowed with --tls-cert, --tls-key and --token-file, or with"
              + " --insecure");
    }
    return new ServeOptions(
        new InetSocketAddress(address, integer(flags, "port", 0, 65535, 8501)),
        integer(flags, "grpc-port", 0, 65535, 8500),
        tls,
        token,
        integer(flags, "max-body", 1024, Integer.MAX_VALUE - 64, 1 << 26),
        Duration.ofSeconds(integer(flags, "timeout", 1, 86_400, 300)),
        Duration.ofSeconds(integer(flags, "drain", 0, 86_400, 30)));
  }

  private static Optional<ServeOptions.Tls> tls(Flags flags) {
    Optional<Path> certificate = flags.path("tls-cert");
    Optional<Path> key = flags.path("tls-key");
    if (certificate.isPresent() != key.isPresent()) {
      throw new BadInput("--tls-cert and --tls-key: allowed together, or neither");
    }
    for (String flag : List.of("tls-cert", "tls-key")) {
      flags
          .path(flag)
          .filter(file -> !Files.isReadable(file))
          .ifPresent(
              file -> {
                throw new BadInput("--" + flag + " " + file + ": no such file");
              });
    }
    return certificate.map(file -> new ServeOptions.Tls(file, key.orElseThrow()));
  }

  private static String token(Path file) {
    String token =
        new String(Folders.read("--token-file " + file, file), StandardCharsets.UTF_8).strip();
    if (!token.matches("\\S{" + SHORTEST_TOKEN + ",}")) {
      throw new BadInput(
          "--token-file "
              + file
              + ": allowed is one word of at least "
              + SHORTEST_TOKEN
              + " characters");
    }
    return token;
  }

  private static int integer(Flags flags, String flag, int least, int most, int otherwise) {
    return flags.integer(flag, least, most).map(Math::toIntExact).orElse(otherwise);
  }
}
