package org.tfddpm.evaluate;

import java.util.stream.IntStream;

/**
 * Kernel distance (KID): the squared maximum mean discrepancy of two sets with the kernel k(x,y) =
 * (x.y / d + 1)^3,
 *
 * <pre>
 *   sum_{i != j} k(x_i,x_j) / (m (m-1)) + sum_{i != j} k(y_i,y_j) / (m (m-1))
 *     - 2 sum_{i,j} k(x_i,y_j) / m^2
 * </pre>
 *
 * (Gretton et al. 2012, eq. 4; Bińkowski et al. 2018, arXiv:1801.01401, section 4). It is unbiased
 * for sets of every size, and so below 0 now and then. The mean is over parts of up to 1,000
 * vectors, as published. Published parts are drawn anew each time and overlap; here no vector is in
 * two parts, so that their spread gives a standard error.
 */
public final class KernelDistance {
  private static final int LARGEST_PART = 1000;
  private static final int PARTS = 10;

  private KernelDistance() {}

  /**
   * Between two sets of at least four vectors each; of the larger as many are drawn as the other
   * has.
   *
   * @return the mean over the parts and its standard error
   */
  public static Estimate between(Vectors a, Vectors b) {
    int count = Math.min(a.count(), b.count());
    int size = Math.max(2, Math.min(LARGEST_PART, count / PARTS));
    int parts = count / size;
    if (parts < 2) {
      throw new IllegalArgumentException("a standard error over " + count + " vectors");
    }
    Vectors x = a.draw(parts * size);
    Vectors y = b.draw(parts * size);
    return Estimate.withStandardError(
        IntStream.range(0, parts)
            .parallel()
            .mapToDouble(
                part -> {
                  int[] rows = Rows.part(parts * size, part, parts);
                  return squaredDiscrepancy(x.rows(rows), y.rows(rows));
                })
            .toArray());
  }

  /** The unbiased estimate for two sets of m vectors each. */
  static double squaredDiscrepancy(Vectors x, Vectors y) {
    int m = x.count();
    double within = 0;
    double between = 0;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        between += kernel(x, i, y, j);
        if (i != j) {
          within += kernel(x, i, x, j) + kernel(y, i, y, j);
        }
      }
    }
    return within / ((double) m * (m - 1)) - 2 * between / ((double) m * m);
  }

  private static double kernel(Vectors x, int i, Vectors y, int j) {
    double base = x.dot(i, y, j) / x.dimension() + 1;
    return base * base * base;
  }
}
