package org.tfddpm.evaluate;

import java.util.stream.IntStream;

/**
 * Inception score of class probabilities p(y|x) of pictures x,
 *
 * <pre>  exp(mean over x of KL(p(y|x) || p(y))),   p(y) = mean over x of p(y|x)</pre>
 *
 * (Salimans et al. 2016, arXiv:1606.03498, section 4): 1 where all pictures look alike to the
 * classifier, the number of classes where it is sure of each and finds all classes equally often.
 */
public final class InceptionScore {
  private static final int SPLITS = 10;

  /** How far from 1 the float32 probabilities of a picture may sum. */
  private static final double ROUNDING = 1e-3;

  private InceptionScore() {}

  /** Whether vectors can be probabilities: at least two classes, none below 0, sum 1. */
  public static boolean isDefinedOn(Vectors vectors) {
    return vectors.dimension() > 1
        && IntStream.range(0, vectors.count()).allMatch(row -> isDistribution(vectors, row));
  }

  /**
   * The mean over ten parts of the pictures, fewer where they would have less than ten pictures,
   * and, as published, the standard deviation of the parts.
   *
   * @param probabilities [N, classes]
   */
  public static Estimate of(Vectors probabilities) {
    int splits = Math.max(1, Math.min(SPLITS, probabilities.count() / SPLITS));
    return Estimate.withStandardDeviation(
        IntStream.range(0, splits)
            .mapToDouble(
                split -> score(probabilities.rows(Rows.part(probabilities.count(), split, splits))))
            .toArray());
  }

  private static double score(Vectors conditional) {
    int classes = conditional.dimension();
    double[] marginal = new double[classes];
    for (int row = 0; row < conditional.count(); row++) {
      for (int y = 0; y < classes; y++) {
        marginal[y] += conditional.at(row, y) / conditional.count();
      }
    }
    double divergence = 0;
    for (int row = 0; row < conditional.count(); row++) {
      for (int y = 0; y < classes; y++) {
        double p = conditional.at(row, y);
        // 0 log 0 is 0.
        divergence += p > 0 ? p * Math.log(p / marginal[y]) : 0;
      }
    }
    return Math.exp(divergence / conditional.count());
  }

  private static boolean isDistribution(Vectors vectors, int row) {
    double sum = 0;
    for (int y = 0; y < vectors.dimension(); y++) {
      if (vectors.at(row, y) < 0) {
        return false;
      }
      sum += vectors.at(row, y);
    }
    return Math.abs(sum - 1) < ROUNDING;
  }
}
