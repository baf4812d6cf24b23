package org.tfddpm.diffusion.sampler;

/**
 * Spherical linear interpolation between two draws of noise (Song et al. 2020, eq. 67):
 *
 * <p>x^(alpha) = sin((1-alpha) theta)/sin(theta) x^(0) + sin(alpha theta)/sin(theta) x^(1) with
 * theta = arccos(x^(0) . x^(1) / (|x^(0)| |x^(1)|)).
 *
 * <p>Noise of many elements lies near a sphere, which a straight line would leave.
 */
public final class Slerp {
  /** Below this sine two directions are one to float32, and the straight line is the limit. */
  private static final double SMALLEST_SINE = 1e-6;

  private Slerp() {}

  /**
   * The point between.
   *
   * @param x0 any number of elements
   * @param x1 as many
   * @param alpha 0 (x0 itself) ... 1 (x1 itself)
   */
  public static float[] of(float[] x0, float[] x1, double alpha) {
    double cosine = dot(x0, x1) / Math.sqrt(dot(x0, x0) * dot(x1, x1));
    double theta = Math.acos(Math.max(-1, Math.min(1, cosine)));
    double sine = Math.sin(theta);
    boolean straight = sine < SMALLEST_SINE;
    double of0 = straight ? 1 - alpha : Math.sin((1 - alpha) * theta) / sine;
    double of1 = straight ? alpha : Math.sin(alpha * theta) / sine;
    float[] between = new float[x0.length];
    for (int i = 0; i < between.length; i++) {
      between[i] = (float) (of0 * x0[i] + of1 * x1[i]);
    }
    return between;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
