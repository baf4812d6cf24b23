package org.tfddpm.serve.model;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.Value;

/** The right to use a version, which is not closed before it is given back. */
public final class Lease implements AutoCloseable {
  private final ModelVersion version;
  private final AtomicBoolean given = new AtomicBoolean();

  Lease(ModelVersion version) {
    this.version = version;
  }

  /** The version. */
  public ModelVersion version() {
    return version;
  }

  /**
   * Runs a signature and then gives the version back, whatever becomes of it.
   *
   * @param key of a signature that there is
   * @param filter the outputs wanted; all if empty
   * @return the outputs, or a failure: DEADLINE_EXCEEDED when the time is over
   * @throws Failure if the inputs are not what the signature takes, or too much waits
   */
  public CompletableFuture<Map<String, Value>> predict(
      String key, Map<String, Value> inputs, Set<String> filter, long nanos) {
    return version
        .predict(key, inputs, filter, System.nanoTime() + nanos)
        .orTimeout(nanos, TimeUnit.NANOSECONDS)
        .whenComplete((outputs, failure) -> close());
  }

  /** Gives it back; once is enough. */
  @Override
  public void close() {
    if (!given.getAndSet(true)) {
      version.release();
    }
  }
}
