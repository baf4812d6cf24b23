package org.tfddpm.serve.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.tfddpm.serve.batch.BatchQueue;

/**
 * Requests, runs, batches and queues. Times are in microseconds, as TensorFlow Serving has them.
 */
public final class Metrics {
  private static final String PREFIX = ":tensorflow:serving:";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Tags, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, Meter> queues = new ConcurrentHashMap<>();

  /** Nothing counted yet. */
  public Metrics() {
    // Micrometer's own would write units after names and underscores for colons.
    registry.config().namingConvention(AsIs.INSTANCE);
  }

  private enum AsIs implements NamingConvention {
    INSTANCE;

    @Override
    public String name(
        String name, Meter.Type type, @org.jspecify.annotations.Nullable String unit) {
      return name;
    }
  }

  /**
   * A request has been answered.
   *
   * @param model empty if there is none of that name
   * @param status name of its code
   * @param api Predict or another
   * @param entrypoint REST or GRPC
   */
  public void request(String model, String status, String api, String entrypoint, long nanos) {
    requests
        .computeIfAbsent(Tags.of("model_name", model, "status", status), this::counter)
        .increment();
    times(PREFIX + "request_latency")
        .tags("model_name", model, "API", api, "entrypoint", entrypoint)
        .register(registry)
        .record((double) TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** A counter with TensorFlow Serving's name: one of Prometheus' own would end in _total. */
  private LongAdder counter(Tags tags) {
    LongAdder count = new LongAdder();
    Gauge.builder(PREFIX + "request_count", count, LongAdder::sum)
        .strongReference(true)
        .tags(tags)
        .register(registry);
    return count;
  }

  /** TensorFlow has run. */
  public void run(String model, long nanos) {
    times(PREFIX + "runtime_latency")
        .tags("model_name", model, "API", "Predict", "runtime", "TF1")
        .register(registry)
        .record((double) TimeUnit.NANOSECONDS.toMicros(nanos));
  }

  /** A batch begins. */
  public void batch(String model, int rows) {
    DistributionSummary.builder(PREFIX + "batching_session:real_batch_size")
        .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
        .tags("model_name", model)
        .register(registry)
        .record(rows);
  }

  /** A queue's depth is told from now on. */
  public void watchQueue(String model, long version, String signature, BatchQueue queue) {
    queues.put(
        key(model, version, signature),
        Gauge.builder(PREFIX + "batching_session:queued_rows", queue, BatchQueue::depth)
            .strongReference(true)
            .tags("model_name", model, "version", Long.toString(version), "signature", signature)
            .register(registry));
  }

  /** A queue is over. */
  public void forgetQueue(String model, long version, String signature) {
    Meter meter = queues.remove(key(model, version, signature));
    if (meter != null) {
      registry.remove(meter);
    }
  }

  private static String key(String model, long version, String signature) {
    return model + "/" + version + "/" + signature;
  }

  /** TensorFlow Serving's buckets: from 10 microseconds on, each 1.8 times as wide. */
  private static DistributionSummary.Builder times(String name) {
    double[] bounds = new double[33];
    bounds[0] = 10;
    for (int i = 1; i < bounds.length; i++) {
      bounds[i] = bounds[i - 1] * 1.8;
    }
    return DistributionSummary.builder(name).serviceLevelObjectives(bounds);
  }

  /** All of it, as Prometheus reads it. */
  public String scrape() {
    return registry.scrape();
  }
}
