package org.tfddpm.diffusion.schedule;

/**
 * The time steps of Karras et al. 2022, eq. 5, on a model of T levels of noise: with sigma_t =
 * sqrt((1-alphaBar_t)/alphaBar_t), the levels
 *
 * <p>sigma_i = (sigma_max^(1/rho) + i/(S-1) (sigma_min^(1/rho) - sigma_max^(1/rho)))^rho, rho = 7,
 * i = 0 ... S-1,
 *
 * <p>between those of t = T-1 and t = 0, each at the time step whose sigma is nearest. Where that
 * repeats a step, the next free one is taken, so that there are S steps. S = 1 is T-1 alone.
 *
 * <p>Where t = T-1 is pure noise, whose sigma is infinite, it is the first, and the other S-1 are
 * spread from T-2 on.
 */
final class KarrasSpacing {
  private static final double RHO = 7;

  private KarrasSpacing() {}

  /** Fills tau, which has S places, with S in 1 ... T. */
  static int[] timesteps(Schedule schedule, int[] tau) {
    int count = tau.length;
    int last = schedule.steps() - 1;
    tau[count - 1] = last;
    if (schedule.endsInNoise()) {
      count--;
      last--;
    }
    for (int i = 0; i < count; i++) {
      // Rising, from sigma_min; one alone is sigma_max.
      double part = count == 1 ? 1 : (double) i / (count - 1);
      double least = i == 0 ? 0 : tau[i - 1] + 1;
      double most = last - (count - 1 - i);
      tau[i] = (int) Math.min(Math.max(nearest(schedule, last, part), least), most);
    }
    return tau;
  }

  private static int nearest(Schedule schedule, int last, double part) {
    double low = Math.pow(sigma(schedule, 0), 1 / RHO);
    double high = Math.pow(sigma(schedule, last), 1 / RHO);
    double wanted = Math.pow(low + part * (high - low), RHO);
    int t = 0;
    while (t < last && sigma(schedule, t + 1) - wanted < wanted - sigma(schedule, t)) {
      t++;
    }
    return t;
  }

  private static double sigma(Schedule schedule, int t) {
    return Math.sqrt(schedule.noiseToSignal(t));
  }
}
