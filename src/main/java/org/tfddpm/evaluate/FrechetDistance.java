package org.tfddpm.evaluate;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The distance of Fréchet between the normal distributions with the means m and the covariances C
 * of two sets of vectors,
 *
 * <pre>  |m_1 - m_2|^2 + tr(C_1 + C_2 - 2 (C_1 C_2)^(1/2))</pre>
 *
 * (Dowson and Landau 1982; Heusel et al. 2017, arXiv:1706.08500, eq. 6). With the pool3 features of
 * Inception it is the FID. It is biased: fewer vectors are farther away.
 */
public final class FrechetDistance {
  private FrechetDistance() {}

  /**
   * Between two sets of at least two vectors each.
   *
   * @return at least 0, but for rounding
   */
  public static double between(Vectors a, Vectors b) {
    return between(Gaussian.of(a), Gaussian.of(b));
  }

  static double between(Gaussian a, Gaussian b) {
    double distance = CommonOps_DDRM.trace(a.covariance()) + CommonOps_DDRM.trace(b.covariance());
    for (int i = 0; i < a.mean().length; i++) {
      double difference = a.mean()[i] - b.mean()[i];
      distance += difference * difference;
    }
    return distance - 2 * traceOfRoot(a.covariance(), b.covariance());
  }

  /**
   * tr((A B)^(1/2)). With B = F F^T, the product A B has the eigenvalues of F^T A F, which is
   * symmetric where A B is not.
   */
  private static double traceOfRoot(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj factor = factor(b);
    DMatrixRMaj left = new DMatrixRMaj(0, 0);
    DMatrixRMaj product = new DMatrixRMaj(0, 0);
    CommonOps_DDRM.multTransA(factor, a, left);
    CommonOps_DDRM.mult(left, factor, product);
    EigenDecomposition_F64<DMatrixRMaj> eigen = eigen(product, false);
    double trace = 0;
    for (int i = 0; i < eigen.getNumberOfEigenvalues(); i++) {
      trace += root(eigen.getEigenvalue(i).getReal());
    }
    return trace;
  }

  /** F with C = F F^T: the eigenvectors, each times the root of its eigenvalue. */
  private static DMatrixRMaj factor(DMatrixRMaj covariance) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = eigen(covariance, true);
    DMatrixRMaj factor = new DMatrixRMaj(covariance.numRows, covariance.numCols);
    for (int i = 0; i < factor.numCols; i++) {
      DMatrixRMaj column = eigen.getEigenVector(i);
      CommonOps_DDRM.scale(root(eigen.getEigenvalue(i).getReal()), column);
      CommonOps_DDRM.insert(column, factor, 0, i);
    }
    return factor;
  }

  private static EigenDecomposition_F64<DMatrixRMaj> eigen(DMatrixRMaj matrix, boolean vectors) {
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(matrix.numRows, vectors, true);
    if (!eigen.decompose(matrix.copy())) {
      throw new ArithmeticException("the eigenvalues of a covariance do not converge");
    }
    return eigen;
  }

  /** Of an eigenvalue that is at least 0, but for rounding. */
  private static double root(double eigenvalue) {
    return Math.sqrt(Math.max(eigenvalue, 0));
  }
}
