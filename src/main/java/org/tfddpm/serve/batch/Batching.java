package org.tfddpm.serve.batch;

import java.time.Duration;
import java.util.List;
import org.tfddpm.spec.BadInput;

/**
 * How requests are merged.
 *
 * @param maxBatch most rows of a run
 * @param timeout how long the first request waits for others
 * @param queue most rows that wait
 * @param allowedSizes rising sizes to which batches are padded; any size if empty
 */
public record Batching(int maxBatch, Duration timeout, int queue, List<Integer> allowedSizes) {
  /** Checks what the parts have in common. */
  public Batching {
    for (int i = 1; i < allowedSizes.size(); i++) {
      if (allowedSizes.get(i) <= allowedSizes.get(i - 1)) {
        throw new BadInput("allowed_batch_sizes " + allowedSizes + ": allowed are rising ones");
      }
    }
    if (!allowedSizes.isEmpty() && allowedSizes.get(allowedSizes.size() - 1) != maxBatch) {
      throw new BadInput(
          "allowed_batch_sizes " + allowedSizes + ": the last must be max_batch_size, " + maxBatch);
    }
  }

  /** The size to which so many rows are padded. */
  int padded(int rows) {
    return allowedSizes.stream().filter(size -> size >= rows).findFirst().orElse(rows);
  }
}
