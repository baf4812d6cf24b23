package org.tfddpm.sample;

import java.util.function.IntUnaryOperator;

/**
 * Which pictures are made.
 *
 * @param seed of picture i = 0, 1, ..., 0 ... {@link ImageSampler#LAST_SEED}
 * @param label of picture i; not asked of a model without classes
 */
public record Pictures(int count, IntUnaryOperator seed, IntUnaryOperator label) {
  /** Of the seeds from first on, and of the classes that are wanted, of so many that there are. */
  static Pictures inTurn(int first, int count, Wanted wanted, int classes) {
    return new Pictures(count, i -> first + i, i -> wanted.label(i, classes));
  }
}
