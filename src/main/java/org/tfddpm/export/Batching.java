package org.tfddpm.export;

import java.util.List;

/**
 * batching_params.pbtxt, which TensorFlow Serving reads out of a version's folder with
 * --enable_batching and --enable_per_model_batching_parameters.
 */
final class Batching {
  static final String FILE = "batching_params.pbtxt";

  /** How long a request waits for others. */
  private static final int TIMEOUT_MICROS = 2000;

  /** Batches that may wait; a request beyond them is refused at once rather than late. */
  private static final int WAITING_BATCHES = 100;

  private Batching() {}

  /**
   * The file's content.
   *
   * @param sizes allowed, rising; a batch is filled up to the next one
   */
  static String of(List<Integer> sizes) {
    StringBuilder text = new StringBuilder();
    value(text, "max_batch_size", sizes.get(sizes.size() - 1));
    value(text, "batch_timeout_micros", TIMEOUT_MICROS);
    value(text, "max_enqueued_batches", WAITING_BATCHES);
    sizes.forEach(size -> text.append("allowed_batch_sizes: ").append(size).append('\n'));
    return text.toString();
  }

  private static void value(StringBuilder text, String name, int value) {
    text.append(name).append(" { value: ").append(value).append(" }\n");
  }
}
