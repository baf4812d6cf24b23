package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Distances between normal distributions that are known in closed form. */
class FrechetDistanceTest {
  private static final double[] ORIGIN = {0, 0};

  private static Gaussian gaussian(double[] mean, double[][] covariance) {
    return new Gaussian(mean, new DMatrixRMaj(covariance));
  }

  @Test
  void independentComponentsAddUp() {
    Gaussian a = gaussian(new double[] {1, 2}, new double[][] {{4, 0}, {0, 9}});
    Gaussian b = gaussian(new double[] {4, 6}, new double[][] {{1, 0}, {0, 25}});
    // |m_1 - m_2|^2 + sum of (sigma_1 - sigma_2)^2
    assertEquals(9 + 16 + 1 + 4, FrechetDistance.between(a, b), 1e-12);
  }

  @Test
  void covariancesNeedNotCommute() {
    double[][] a = {{4, 0}, {0, 0.25}};
    double[][] b = {{2.125, 1.875}, {1.875, 2.125}};
    // For 2x2, tr((AB)^(1/2)) = sqrt(tr(AB) + 2 sqrt(det A det B)).
    double trace = 2.125 * 4.25;
    double root = Math.sqrt(trace + 2 * Math.sqrt(1 * 1));
    double expected = 4.25 + 4.25 - 2 * root;
    assertEquals(
        expected, FrechetDistance.between(gaussian(ORIGIN, a), gaussian(ORIGIN, b)), 1e-12);
    assertEquals(
        expected, FrechetDistance.between(gaussian(ORIGIN, b), gaussian(ORIGIN, a)), 1e-12);
    // What a product of roots in place of the root of the product would give.
    assertTrue(Math.abs(rootsOf(a, b) - root) > 0.1);
  }

  /** tr(A^(1/2) B^(1/2)) of 2x2 matrices: A^(1/2) = (A + s I) / t, s = sqrt(det A). */
  private static double rootsOf(double[][] a, double[][] b) {
    double s = Math.sqrt(a[0][0] * a[1][1] - a[0][1] * a[1][0]);
    double r = Math.sqrt(b[0][0] * b[1][1] - b[0][1] * b[1][0]);
    double t = Math.sqrt(a[0][0] + a[1][1] + 2 * s) * Math.sqrt(b[0][0] + b[1][1] + 2 * r);
    return ((a[0][0] + s) * (b[0][0] + r) + 2 * a[0][1] * b[0][1] + (a[1][1] + s) * (b[1][1] + r))
        / t;
  }

  @Test
  void whatNeverChangesDoesNotMatter() {
    // As the corners of digits: covariances without an inverse, of other ranks.
    Gaussian a = gaussian(ORIGIN, new double[][] {{4, 0}, {0, 0}});
    Gaussian b = gaussian(ORIGIN, new double[][] {{0, 0}, {0, 9}});
    assertEquals(4 + 9, FrechetDistance.between(a, b), 1e-12);
    assertEquals(0, FrechetDistance.between(a, a), 1e-12);
  }

  @Test
  void aCovarianceIsDividedByOneLessThanTheCount() {
    Vectors a = new Vectors(new float[] {0, 0, 2, 2, 4, 4}, 2);
    Gaussian gaussian = Gaussian.of(a);
    assertEquals(2, gaussian.mean()[0]);
    assertEquals(4, gaussian.covariance().get(0, 1));
    Vectors moved = new Vectors(new float[] {3, 0, 5, 2, 7, 4}, 2);
    assertEquals(9, FrechetDistance.between(a, moved), 1e-12);
    assertThrows(
        IllegalArgumentException.class, () -> Gaussian.of(new Vectors(new float[] {1, 2}, 2)));
  }

  @Test
  void manyVectorsAreTakenInTurns() {
    float[] values = new float[2 * 3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % 1009) / 1009f;
    }
    Gaussian all = Gaussian.of(new Vectors(values, 2));
    double covariance = 0;
    for (int row = 0; row < 3000; row++) {
      covariance += (values[2 * row] - all.mean()[0]) * (values[2 * row + 1] - all.mean()[1]);
    }
    assertEquals(covariance / 2999, all.covariance().get(0, 1), 1e-12);
  }
}
