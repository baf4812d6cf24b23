package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which rows a statistic takes. They are drawn, since the data may be sorted by class; and always
 * the same ones, so that a command says the same every time.
 */
final class Rows {
  private static final long SEED = 0;

  private Rows() {}

  /** So many of N rows, none twice, in no order. */
  static int[] draw(int all, int count) {
    if (count < 0 || count > all) {
      throw new IllegalArgumentException(count + " rows of " + all);
    }
    return Arrays.copyOf(shuffled(all), count);
  }

  /** Those that {@link #draw} leaves. */
  static int[] rest(int all, int count) {
    return Arrays.copyOfRange(shuffled(all), count, all);
  }

  /** Part p of so many that share no row: p, p + parts, ... up to N. */
  static int[] part(int all, int part, int parts) {
    return IntStream.range(0, all).filter(row -> row % parts == part).toArray();
  }

  /** The shuffle of Fisher and Yates. */
  private static int[] shuffled(int all) {
    int[] rows = IntStream.range(0, all).toArray();
    Random random = new Random(SEED);
    for (int left = all; left > 1; left--) {
      int drawn = random.nextInt(left);
      int last = rows[left - 1];
      rows[left - 1] = rows[drawn];
      rows[drawn] = last;
    }
    return rows;
  }
}
