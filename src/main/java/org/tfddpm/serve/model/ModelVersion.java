package org.tfddpm.serve.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.SignatureDef;
import org.tfddpm.export.SavedModels;
import org.tfddpm.serve.batch.BatchQueue;
import org.tfddpm.serve.batch.Batching;
import org.tfddpm.serve.metrics.Metrics;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Tensors;
import org.tfddpm.serve.value.Value;

/**
 * A loaded version. It counts who uses it, itself as the first, and is closed by the last: its
 * session must not go while TensorFlow runs.
 */
public final class ModelVersion {
  private final String model;
  private final long number;
  private final int maxRows;
  private final Batching batching;
  private final Metrics metrics;
  private final MetaGraphDef meta;
  private final SavedModelBundle bundle;
  private final Map<String, BatchQueue> queues = new ConcurrentHashMap<>();
  private final AtomicInteger users = new AtomicInteger(1);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private ModelVersion(
      String model,
      long number,
      int maxRows,
      Batching batching,
      Metrics metrics,
      MetaGraphDef meta,
      SavedModelBundle bundle) {
    this.model = model;
    this.number = number;
    this.maxRows = maxRows;
    this.batching = batching;
    this.metrics = metrics;
    this.meta = meta;
    this.bundle = bundle;
  }

  /**
   * How versions are loaded and asked.
   *
   * @param maxRows of a request
   */
  public record Settings(ConfigProto config, Batching batching, int maxRows) {}

  /**
   * Loads a version and tries the requests that it brings along.
   *
   * @throws RuntimeException if it cannot be loaded, or one of these fails
   */
  static ModelVersion load(
      String model, long number, VersionFolder folder, Settings settings, Metrics metrics) {
    MetaGraphDef meta = folder.read();
    Batching batching = folder.batching(settings.batching());
    SavedModelBundle bundle =
        SavedModelBundle.loader(folder.path().toString())
            .withTags(SavedModels.TAG)
            .withConfigProto(settings.config())
            .load();
    ModelVersion version =
        new ModelVersion(model, number, settings.maxRows(), batching, metrics, meta, bundle);
    try {
      WarmUp.run(folder.path(), version);
    } catch (RuntimeException e) {
      version.release();
      throw e;
    }
    return version;
  }

  /** Its number. */
  public long number() {
    return number;
  }

  /** The name of its model. */
  public String model() {
    return model;
  }

  /** Its signatures by their keys. */
  public Map<String, SignatureDef> signatures() {
    return meta.getSignatureDefMap();
  }

  /**
   * Runs a signature, together with other requests to it.
   *
   * @param key of a signature that there is
   * @param inputs by name
   * @param filter the outputs wanted; all if empty
   * @param deadline by {@link System#nanoTime}
   * @return the outputs by name, or a {@link Failure}
   * @throws Failure if the inputs are not what the signature takes, or the queue is full
   */
  public CompletableFuture<Map<String, Value>> predict(
      String key, Map<String, Value> inputs, Set<String> filter, long deadline) {
    SignatureDef signature = signatures().get(key);
    if (signature == null) {
      throw new Failure(
          Code.FAILED_PRECONDITION, "Serving signature key \"" + key + "\" not found.");
    }
    Signatures.check(signature, inputs, filter);
    boolean alone = !Signatures.canBeMerged(signature);
    if (!alone) {
      alone = rows(inputs) == 0;
    }
    Set<String> outputs =
        filter.isEmpty() ? new TreeSet<>(signature.getOutputsMap().keySet()) : filter;
    return queues
        .computeIfAbsent(key, k -> queue(k, signature))
        .submit(inputs, outputs, alone, deadline);
  }

  private BatchQueue queue(String key, SignatureDef signature) {
    BatchQueue queue =
        new BatchQueue(
            model + "/" + number + "/" + key,
            batching,
            (inputs, outputs, deadline) -> run(signature, inputs, outputs, deadline),
            rows -> metrics.batch(model, rows));
    metrics.watchQueue(model, number, key, queue);
    return queue;
  }

  private long rows(Map<String, Value> inputs) {
    Set<Long> rows = new TreeSet<>();
    inputs.values().forEach(value -> rows.add(value.rows()));
    if (rows.size() > 1) {
      throw Failure.invalid(
          "Batching Run() input tensors must have equal 0th-dimension size, not %s", rows);
    }
    long count = rows.iterator().next();
    if (count > maxRows) {
      throw Failure.invalid("a request of %d rows: allowed are up to %d", count, maxRows);
    }
    return count;
  }

  private Map<String, Value> run(
      SignatureDef signature, Map<String, Value> inputs, Set<String> outputs, long deadline) {
    Lease lease = lease().orElseThrow(ModelVersion::gone);
    long start = System.nanoTime();
    try {
      return runSession(signature, inputs, outputs, deadline - start);
    } catch (RuntimeException e) {
      if (System.nanoTime() - deadline >= 0) {
        throw new Failure(Code.DEADLINE_EXCEEDED, "the request's time was over", e);
      }
      throw e;
    } finally {
      metrics.run(model, System.nanoTime() - start);
      lease.close();
    }
  }

  private static Failure gone() {
    return new Failure(Code.UNAVAILABLE, "this version is not served any more");
  }

  private Map<String, Value> runSession(
      SignatureDef signature, Map<String, Value> inputs, Set<String> outputs, long nanos) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    Session.Runner runner =
        bundle
            .session()
            .runner()
            .setOptions(RunOptions.newBuilder().setTimeoutInMs(millis).build());
    Map<String, Tensor> fed = new HashMap<>();
    try {
      inputs.forEach(
          (name, value) -> fed.put(signature.getInputsOrThrow(name).getName(), Tensors.of(value)));
      fed.forEach(runner::feed);
      // The same tensor under two names must be fetched once only.
      Map<String, Integer> places = new LinkedHashMap<>();
      for (String output : outputs) {
        String tensor = signature.getOutputsOrThrow(output).getName();
        if (places.putIfAbsent(tensor, places.size()) == null) {
          runner.fetch(tensor);
        }
      }
      try (Result result = runner.run()) {
        Map<String, Value> values = new HashMap<>();
        for (String output : outputs) {
          Integer place = places.get(signature.getOutputsOrThrow(output).getName());
          values.put(output, Tensors.of(result.get(place == null ? 0 : place)));
        }
        return values;
      }
    } finally {
      fed.values().forEach(Tensor::close);
    }
  }

  /** The right to use it, unless it is closed. */
  Optional<Lease> lease() {
    int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    return before == 0 ? Optional.empty() : Optional.of(new Lease(this));
  }

  /** Lets it be closed when nobody uses it any more; the future tells when it is. */
  CompletableFuture<Void> retire() {
    release();
    return closed;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      queues.forEach(
          (key, queue) -> {
            queue.close();
            metrics.forgetQueue(model, number, key);
          });
      bundle.close();
      closed.complete(null);
    }
  }
}
