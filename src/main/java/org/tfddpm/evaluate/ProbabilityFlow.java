package org.tfddpm.evaluate;

import org.tfddpm.diffusion.schedule.Schedule;

/**
 * The density that the probability-flow ODE carries from noise to x_t (Song et al. 2021,
 * arXiv:2011.13456, eq. 39). With y = x/sqrt(alphaBar_t) and sigma =
 * sqrt((1-alphaBar_t)/alphaBar_t) the ODE is dy/dsigma = epsilonHat, along which
 *
 * <p>log p_sigma(y) = log p_sigmaMax(y_max) + integral of div_y epsilonHat dsigma from sigma to
 * sigmaMax.
 *
 * <p>y goes by Heun's method in sigma, the integral by the trapezoidal rule in log sigma, over
 * which sigma div_y epsilonHat is even: both are of second order in the steps.
 */
final class ProbabilityFlow {
  private final Schedule schedule;
  private final Field field;

  /** epsilonHat and its divergence. */
  @FunctionalInterface
  interface Field {
    /** Of rows x, [n,D], at t. */
    Look at(float[] x, int t);
  }

  /**
   * What a network says of rows.
   *
   * @param epsilonHat [n,D]
   * @param divergence of epsilonHat by x, or an unbiased estimate of it, [n]
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Look(float[] epsilonHat, float[] divergence) {}

  /**
   * The flow of a field.
   *
   * @throws IllegalArgumentException if the schedule ends in pure noise, where sigma is infinite
   */
  ProbabilityFlow(Schedule schedule, Field field) {
    if (schedule.endsInNoise()) {
      throw new IllegalArgumentException("the last step is noise alone");
    }
    this.schedule = schedule;
    this.field = field;
  }

  /**
   * log p(x) of rows in nats, x at the first of the time steps, where x at the last one is standard
   * normal.
   *
   * @param x [n,D]
   * @param tau rising
   * @return [n]
   */
  double[] logDensity(float[] x, int rows, int... tau) {
    int dimension = x.length / rows;
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] / signal(tau[0]);
    }
    double[] log = new double[rows];
    for (int step = 1; step < tau.length; step++) {
      advance(y, log, tau[step - 1], tau[step]);
    }
    double scale = signal(tau[tau.length - 1]);
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int i = row * dimension; i < (row + 1) * dimension; i++) {
        squares += scale * scale * y[i] * y[i];
      }
      // From densities of y to those of x at both ends.
      double stretched = Math.log(scale / signal(tau[0]));
      log[row] += dimension * (stretched - Math.log(2 * Math.PI) / 2) - squares / 2;
    }
    return log;
  }

  /** y from t to next, and to log what the integral gains on the way. */
  private void advance(double[] y, double[] log, int t, int next) {
    double sigma = sigma(t);
    double nextSigma = sigma(next);
    double length = nextSigma - sigma;
    Look here = look(y, t);
    double[] there = y.clone();
    for (int i = 0; i < y.length; i++) {
      there[i] += length * here.epsilonHat()[i];
    }
    Look after = look(there, next);
    for (int i = 0; i < y.length; i++) {
      y[i] += length * ((double) here.epsilonHat()[i] + after.epsilonHat()[i]) / 2;
    }
    double half = Math.log(nextSigma / sigma) / 2;
    for (int row = 0; row < log.length; row++) {
      // div_y is signal times div_x.
      log[row] += half * sigma * signal(t) * here.divergence()[row];
      log[row] += half * nextSigma * signal(next) * after.divergence()[row];
    }
  }

  private Look look(double[] y, int t) {
    float[] x = new float[y.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (signal(t) * y[i]);
    }
    return field.at(x, t);
  }

  private double signal(int t) {
    return Math.sqrt(schedule.alphaBar(t));
  }

  private double sigma(int t) {
    return Math.sqrt(schedule.noiseToSignal(t));
  }
}
