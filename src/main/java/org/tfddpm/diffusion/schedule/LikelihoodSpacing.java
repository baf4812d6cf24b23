package org.tfddpm.diffusion.schedule;

import java.util.Arrays;

/**
 * The S time steps, t = 0 and t = T-1 among them, of the least sum of {@link StepCost}: the best
 * bound on the likelihood that a chain of S steps has (Watson et al. 2021, arXiv:2106.03802; with
 * the analytic variance Bao et al. 2022, section 4.2). L_T and L_0 are the same whatever is chosen.
 *
 * <p>Dynamic programming over D(k,t), the least cost of getting from t to 0 in k steps: D(k,t) =
 * min over s &lt; t of D(k-1,s) + cost(t,s). S = 1 is t = T-1 alone.
 */
final class LikelihoodSpacing {
  private LikelihoodSpacing() {}

  /** Fills tau, which has S places, with S in 1 ... T. */
  static int[] timesteps(Schedule schedule, X0Variance c, StepCost cost, int[] tau) {
    int last = schedule.steps() - 1;
    tau[tau.length - 1] = last;
    if (tau.length == 1) {
      return tau;
    }
    double[][] costs = new double[last + 1][];
    for (int t = 1; t <= last; t++) {
      costs[t] = new double[t];
      for (int s = 0; s < t; s++) {
        costs[t][s] = cost.of(schedule, c, t, s);
      }
    }
    int steps = tau.length - 1;
    int[][] next = new int[steps + 1][last + 1];
    double[] least = new double[last + 1];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    least[0] = 0;
    for (int k = 1; k <= steps; k++) {
      double[] longer = new double[last + 1];
      Arrays.fill(longer, Double.POSITIVE_INFINITY);
      for (int t = k; t <= last; t++) {
        for (int s = k - 1; s < t; s++) {
          double sum = least[s] + costs[t][s];
          if (sum < longer[t]) {
            longer[t] = sum;
            next[k][t] = s;
          }
        }
      }
      least = longer;
    }
    for (int k = steps; k > 0; k--) {
      tau[k - 1] = next[k][tau[k]];
    }
    return tau;
  }
}
