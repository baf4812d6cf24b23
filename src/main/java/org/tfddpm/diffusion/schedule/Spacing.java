package org.tfddpm.diffusion.schedule;

/** How S time steps tau_0 < ... < tau_{S-1} are taken out of 0 ... T-1 (Song et al. 2020, D.2). */
public enum Spacing {
  /** tau_i = floor(i T / S): 0, 100, ... 900 for S = 10 and T = 1000. */
  UNIFORM {
    @Override
    int[] spread(int steps, int count) {
      int[] tau = new int[count];
      for (int i = 0; i < count; i++) {
        tau[i] = (int) ((long) i * steps / count);
      }
      return tau;
    }
  },

  /**
   * tau_i = floor((i/(S-1))^2 0.8 T): dense near x_0. Where that repeats a step, the next free one
   * is taken, so that there are S steps.
   */
  QUADRATIC {
    @Override
    int[] spread(int steps, int count) {
      int[] tau = new int[count];
      for (int i = 1; i < count; i++) {
        double root = Math.sqrt(0.8 * steps) * i / (count - 1);
        // The square of a root may fall short of the whole number it stands for.
        tau[i] = Math.max((int) (root * root + 1e-9), tau[i - 1] + 1);
      }
      return tau;
    }
  },

  /** tau_i = round(i (T-1)/(S-1)): both ends, as Nichol & Dhariwal 2021; the last for S = 1. */
  EVEN {
    @Override
    int[] spread(int steps, int count) {
      int[] tau = new int[count];
      for (int i = 0; i < count; i++) {
        tau[i] = count == 1 ? steps - 1 : (int) Math.rint(i * (double) (steps - 1) / (count - 1));
      }
      return tau;
    }
  };

  /**
   * The sub-sequence, rising.
   *
   * @param steps T
   * @param count S, in 1 ... T
   * @throws IllegalArgumentException if count is out of range
   */
  public int[] timesteps(int steps, int count) {
    if (count < 1 || count > steps) {
      throw new IllegalArgumentException(count + " steps: allowed are 1 ... " + steps);
    }
    return spread(steps, count);
  }

  abstract int[] spread(int steps, int count);
}
