package org.tfddpm.serve.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.spec.BadInput;

/** All the models of a server. */
public final class Models implements AutoCloseable {
  private static final long CLOSING_SECONDS = 10;

  private final Map<String, ServedModel> byName = new LinkedHashMap<>();
  private @Nullable ScheduledExecutorService watch;

  /**
   * Loads what there is.
   *
   * @param labels label to version, by the name of the model
   * @param log is told in a line each what comes and goes
   * @throws BadInput if a model has no version that can be loaded
   */
  public Models(
      List<ModelPlace> places,
      Map<String, Map<String, Long>> labels,
      ModelVersion.Settings settings,
      Metrics metrics,
      Consumer<String> log) {
    for (ModelPlace place : places) {
      ServedModel model =
          new ServedModel(
              place, labels.getOrDefault(place.name(), Map.of()), settings, metrics, log);
      if (byName.putIfAbsent(place.name(), model) != null) {
        throw new BadInput(
            "--model " + place.name() + ": two models of that name; allowed is NAME=DIR");
      }
    }
    for (ServedModel model : byName.values()) {
      model.poll();
      if (model.latest().isEmpty()) {
        String reason = model.failure().map(Failure::text).orElse("no version is there");
        close();
        throw new BadInput(
            "--model " + model.name() + ": " + reason.lines().findFirst().orElse(""));
      }
    }
  }

  /** Looks at all folders. */
  public void poll() {
    byName.values().forEach(ServedModel::poll);
  }

  /** Looks at all folders again and again from now on. */
  public void watch(long millis, Consumer<String> log) {
    ScheduledExecutorService threads =
        Executors.newScheduledThreadPool(
            byName.size(),
            runnable -> {
              Thread thread = new Thread(runnable, "versions");
              thread.setDaemon(true);
              return thread;
            });
    watch = threads;
    for (ServedModel model : byName.values()) {
      var unused =
          threads.scheduleWithFixedDelay(
              () -> poll(model, log), millis, millis, TimeUnit.MILLISECONDS);
    }
  }

  private static void poll(ServedModel model, Consumer<String> log) {
    try {
      model.poll();
    } catch (RuntimeException e) {
      // Thrown on, it would end the watch.
      log.accept("model " + model.name() + ": cannot look at its versions: " + e.getMessage());
    }
  }

  /** The names, in the order of the flags. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** The newest version of a model that is served. */
  public Optional<Long> latest(String name) {
    return Optional.ofNullable(byName.get(name))
        .flatMap(ServedModel::latest)
        .map(ModelVersion::number);
  }

  /**
   * The version that a request means; to be given back.
   *
   * @throws Failure NOT_FOUND if it is not served
   */
  public Lease find(ModelChoice choice) {
    ServedModel model = byName.get(choice.name());
    if (model == null) {
      throw notFound(choice);
    }
    return model.find(choice);
  }

  /**
   * What is known of the versions of a model, the newest first.
   *
   * @throws Failure NOT_FOUND if there are none
   */
  public List<VersionStatus> status(ModelChoice choice) {
    ServedModel model = byName.get(choice.name());
    List<VersionStatus> found = model == null ? List.of() : model.status(choice);
    if (found.isEmpty()) {
      throw new Failure(
          Code.NOT_FOUND,
          choice.version().isPresent()
              ? "Could not find version "
                  + choice.version().getAsLong()
                  + " of model "
                  + choice.name()
              : "Could not find any versions of model " + choice.name());
    }
    return found;
  }

  static Failure notFound(ModelChoice choice) {
    return new Failure(Code.NOT_FOUND, "Servable not found for request: " + choice);
  }

  /** Unloads all models when the requests that run are done. */
  @Override
  public void close() {
    ScheduledExecutorService threads = watch;
    if (threads != null) {
      threads.shutdownNow();
    }
    try {
      CompletableFuture.allOf(
              byName.values().stream().map(ServedModel::close).toArray(CompletableFuture<?>[]::new))
          .get(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      // A run that takes longer ends with the process.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
