package org.tfddpm.serve.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;

/**
 * A model and its versions. Served are the newest that can be loaded, and those with a label; a new
 * one is loaded before an old one goes.
 */
final class ServedModel {
  /** How many versions that are over are remembered for who asks for their state. */
  private static final int REMEMBERED = 8;

  private static final String NEVER = "never tried";

  private final ModelPlace place;
  private final Map<String, Long> labels;
  private final ModelVersion.Settings settings;
  private final Metrics metrics;
  private final Consumer<String> log;
  private final NavigableMap<Long, Entry> entries = new ConcurrentSkipListMap<>();

  /** A version, and what becomes of it. */
  private static final class Entry {
    volatile State state = State.START;
    volatile @Nullable Failure failure;
    volatile @Nullable ModelVersion loaded;

    /** The folder as it was at the last attempt. */
    String triedWith = NEVER;

    CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);
  }

  ServedModel(
      ModelPlace place,
      Map<String, Long> labels,
      ModelVersion.Settings settings,
      Metrics metrics,
      Consumer<String> log) {
    this.place = place;
    this.labels = labels;
    this.settings = settings;
    this.metrics = metrics;
    this.log = log;
  }

  String name() {
    return place.name();
  }

  /** Looks at the folder and loads and unloads what has changed. */
  synchronized void poll() {
    NavigableMap<Long, Path> there = place.versions();
    Set<Long> wanted = new HashSet<>();
    for (Map.Entry<Long, Path> version : there.descendingMap().entrySet()) {
      if (load(version.getKey(), version.getValue())) {
        wanted.add(version.getKey());
        break;
      }
    }
    for (long version : labels.values()) {
      Path folder = there.get(version);
      if (folder != null && load(version, folder)) {
        wanted.add(version);
      }
    }
    entries.forEach(
        (number, entry) -> {
          if (!wanted.contains(number)) {
            unload(number, entry);
          }
        });
    forget(there.keySet());
  }

  /** Loads a version unless it is, or has failed as it is. Whether it is served then. */
  private boolean load(long number, Path path) {
    VersionFolder folder = new VersionFolder(path);
    Entry entry = entries.computeIfAbsent(number, n -> new Entry());
    if (entry.state == State.AVAILABLE) {
      return true;
    }
    String now = folder.fingerprint();
    if (!entry.closed.isDone() || entry.triedWith.equals(now)) {
      return false;
    }
    entry.triedWith = now;
    entry.state = State.LOADING;
    entry.failure = null;
    try {
      entry.loaded = ModelVersion.load(name(), number, folder, settings, metrics);
      entry.state = State.AVAILABLE;
      log.accept("model " + name() + ": version " + number + " is served");
      return true;
    } catch (RuntimeException | Error e) {
      Failure failure = Failure.of(e);
      entry.failure = failure;
      entry.state = State.END;
      String others = latest().map(v -> "; version " + v.number() + " is served on").orElse("");
      log.accept(
          "model "
              + name()
              + ": version "
              + number
              + " is not served: "
              + failure.text().lines().findFirst().orElse("")
              + others);
      return false;
    }
  }

  private void unload(long number, Entry entry) {
    ModelVersion loaded = entry.loaded;
    if (loaded == null) {
      return;
    }
    entry.state = State.UNLOADING;
    entry.loaded = null;
    entry.triedWith = NEVER;
    entry.closed = loaded.retire();
    var unused =
        entry.closed.thenRun(
            () -> {
              entry.state = State.END;
              log.accept("model " + name() + ": version " + number + " is unloaded");
            });
  }

  /** Of versions without a folder, remembers the last few. */
  private void forget(Set<Long> there) {
    List<Long> over = new ArrayList<>();
    entries.forEach(
        (number, entry) -> {
          if (entry.state == State.END && !there.contains(number)) {
            over.add(number);
          }
        });
    over.subList(0, Math.max(0, over.size() - REMEMBERED)).forEach(entries::remove);
  }

  /** Unloads all; the future tells when they are. */
  synchronized CompletableFuture<Void> close() {
    entries.forEach(this::unload);
    return CompletableFuture.allOf(
        entries.values().stream().map(entry -> entry.closed).toArray(CompletableFuture<?>[]::new));
  }

  Optional<ModelVersion> latest() {
    return entries.descendingMap().values().stream()
        .flatMap(entry -> Optional.ofNullable(entry.loaded).stream())
        .findFirst();
  }

  /** Why the newest version is not served, if it is not. */
  Optional<Failure> failure() {
    return entries.descendingMap().values().stream()
        .findFirst()
        .flatMap(entry -> Optional.ofNullable(entry.failure));
  }

  /**
   * The version that a request means.
   *
   * @throws Failure if it is not served
   */
  Lease find(ModelChoice choice) {
    while (true) {
      ModelVersion version = version(choice);
      Optional<Lease> lease = version.lease();
      if (lease.isPresent()) {
        return lease.get();
      }
      // Just closed: another one is there, or none.
    }
  }

  private ModelVersion version(ModelChoice choice) {
    long number;
    if (choice.label().isPresent()) {
      Long labelled = labels.get(choice.label().get());
      if (labelled == null) {
        throw Failure.invalid("Unrecognized servable version label: %s", choice.label().get());
      }
      number = labelled;
    } else if (choice.version().isPresent()) {
      number = choice.version().getAsLong();
    } else {
      return latest().orElseThrow(() -> Models.notFound(choice));
    }
    Entry entry = entries.get(number);
    ModelVersion loaded = entry == null ? null : entry.loaded;
    if (loaded == null) {
      throw Models.notFound(choice);
    }
    return loaded;
  }

  /** What is known of the versions, the newest first. */
  List<VersionStatus> status(ModelChoice choice) {
    List<VersionStatus> all = new ArrayList<>();
    Optional<Long> label = choice.label().map(l -> labels.getOrDefault(l, -1L));
    entries.forEach(
        (number, entry) -> {
          boolean asked =
              choice.version().isPresent()
                  ? choice.version().getAsLong() == number
                  : label.map(l -> l.equals(number)).orElse(true);
          if (asked) {
            Failure failure = entry.failure;
            all.add(
                new VersionStatus(
                    number,
                    entry.state,
                    failure == null ? Code.OK : failure.code(),
                    failure == null ? "" : failure.text()));
          }
        });
    all.sort(Comparator.comparingLong(VersionStatus::version).reversed());
    return all;
  }
}
