package org.tfddpm.serve.batch;

import java.util.Map;
import java.util.Set;
import org.tfddpm.serve.value.Value;

/** Runs a signature. */
public interface Runner {
  /**
   * Runs it once.
   *
   * @param inputs by name
   * @param outputs names of the outputs wanted
   * @param deadline by {@link System#nanoTime}, at which the run is given up
   * @throws RuntimeException if it fails
   */
  Map<String, Value> run(Map<String, Value> inputs, Set<String> outputs, long deadline);
}
