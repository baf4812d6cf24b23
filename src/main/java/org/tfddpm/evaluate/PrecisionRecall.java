package org.tfddpm.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019, arXiv:1904.06991, eq. 1 and 2): a set
 * covers the balls around its vectors that reach to their third nearest neighbours in the set.
 *
 * @param precision which part of the pictures the data cover, 0 ... 1: how good they are
 * @param recall which part of the data the pictures cover, 0 ... 1: how varied they are
 */
public record PrecisionRecall(double precision, double recall) {
  private static final int NEIGHBOURS = 3;

  /**
   * Of sets of at least four vectors each; of the larger as many are drawn as the other has, since
   * the balls of a larger set are smaller.
   */
  public static PrecisionRecall of(Vectors generated, Vectors data) {
    int count = Math.min(generated.count(), data.count());
    if (count <= NEIGHBOURS) {
      throw new IllegalArgumentException(NEIGHBOURS + " neighbours in " + count + " vectors");
    }
    Vectors pictures = generated.draw(count);
    Vectors images = data.draw(count);
    return new PrecisionRecall(covered(pictures, images), covered(images, pictures));
  }

  /** The part of some vectors that lies in the balls of a set. */
  private static double covered(Vectors vectors, Vectors set) {
    double[] squaredRadius =
        IntStream.range(0, set.count())
            .parallel()
            .mapToDouble(row -> squaredRadius(set, row))
            .toArray();
    long inside =
        IntStream.range(0, vectors.count())
            .parallel()
            .filter(row -> isInside(vectors, row, set, squaredRadius))
            .count();
    return (double) inside / vectors.count();
  }

  private static boolean isInside(Vectors vectors, int row, Vectors set, double[] squaredRadius) {
    for (int center = 0; center < set.count(); center++) {
      if (vectors.squaredDistance(row, set, center) <= squaredRadius[center]) {
        return true;
      }
    }
    return false;
  }

  private static double squaredRadius(Vectors set, int row) {
    double[] nearest = new double[NEIGHBOURS];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int other = 0; other < set.count(); other++) {
      double squared =
          other == row ? Double.POSITIVE_INFINITY : set.squaredDistance(row, set, other);
      if (squared < nearest[NEIGHBOURS - 1]) {
        nearest[NEIGHBOURS - 1] = squared;
        Arrays.sort(nearest);
      }
    }
    return nearest[NEIGHBOURS - 1];
  }
}
