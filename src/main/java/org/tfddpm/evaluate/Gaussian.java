package org.tfddpm.evaluate;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The normal distribution that has the mean and the covariance of some vectors.
 *
 * @param mean [d]
 * @param covariance [d,d], the sum of squares divided by N - 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Gaussian(double[] mean, DMatrixRMaj covariance) {
  private static final int ROWS_AT_A_TIME = 1024;

  /** Of at least two vectors. */
  static Gaussian of(Vectors vectors) {
    int count = vectors.count();
    int dimension = vectors.dimension();
    if (count < 2) {
      throw new IllegalArgumentException("a covariance of " + count + " vectors");
    }
    double[] mean = mean(vectors);
    DMatrixRMaj covariance = new DMatrixRMaj(dimension, dimension);
    for (int from = 0; from < count; from += ROWS_AT_A_TIME) {
      int rows = Math.min(ROWS_AT_A_TIME, count - from);
      DMatrixRMaj centred = new DMatrixRMaj(rows, dimension);
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < dimension; i++) {
          centred.set(row, i, vectors.at(from + row, i) - mean[i]);
        }
      }
      CommonOps_DDRM.multAddTransA(centred, centred, covariance);
    }
    CommonOps_DDRM.divide(covariance, count - 1);
    return new Gaussian(mean, covariance);
  }

  private static double[] mean(Vectors vectors) {
    double[] mean = new double[vectors.dimension()];
    for (int row = 0; row < vectors.count(); row++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vectors.at(row, i);
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= vectors.count();
    }
    return mean;
  }
}
