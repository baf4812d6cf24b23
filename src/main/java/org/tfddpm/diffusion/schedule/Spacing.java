package org.tfddpm.diffusion.schedule;

import java.util.List;

/** Which time steps tau_0 &lt; ... &lt; tau_{S-1} of 0 ... T-1 a sampler visits. */
@FunctionalInterface
public interface Spacing {
  /**
   * The sub-sequence, rising.
   *
   * @throws IllegalArgumentException if the schedule has fewer steps than are asked for, or none is
   */
  int[] timesteps(Schedule schedule);

  /**
   * tau_i = floor(i T / S): 0, 100, ... 900 for S = 10 and T = 1000 (Song et al. 2020, D.2).
   *
   * @param count S, 1 ... T
   */
  static Spacing uniform(int count) {
    return schedule -> {
      int[] tau = room(schedule, count);
      for (int i = 0; i < count; i++) {
        tau[i] = (int) ((long) i * schedule.steps() / count);
      }
      return tau;
    };
  }

  /**
   * tau_i = floor((i/(S-1))^2 0.8 T): dense near x_0 (Song et al. 2020, D.2). Where that repeats a
   * step, the next free one is taken, so that there are S steps.
   *
   * @param count S, 1 ... T
   */
  static Spacing quadratic(int count) {
    return schedule -> {
      int[] tau = room(schedule, count);
      for (int i = 1; i < count; i++) {
        double root = Math.sqrt(0.8 * schedule.steps()) * i / (count - 1);
        // The square of a root may fall short of the whole number it stands for.
        tau[i] = Math.max((int) (root * root + 1e-9), tau[i - 1] + 1);
      }
      return tau;
    };
  }

  /**
   * tau_i = round(i (T-1)/(S-1)): both ends, as Nichol &amp; Dhariwal 2021; the last for S = 1.
   *
   * @param count S, 1 ... T
   */
  static Spacing even(int count) {
    return schedule -> {
      int[] tau = room(schedule, count);
      int last = schedule.steps() - 1;
      for (int i = 0; i < count; i++) {
        tau[i] = count == 1 ? last : (int) Math.rint(i * (double) last / (count - 1));
      }
      return tau;
    };
  }

  /** Dense where there is little noise: see {@link KarrasSpacing}. S is 1 ... T. */
  static Spacing karras(int count) {
    return schedule -> KarrasSpacing.timesteps(schedule, room(schedule, count));
  }

  /** So many steps in each of as many sections: see {@link SectionSpacing}. */
  static Spacing sections(List<Integer> counts) {
    return schedule -> SectionSpacing.timesteps(schedule.steps(), counts);
  }

  /**
   * Those of the best bound on the likelihood: see {@link LikelihoodSpacing}. S is 1 ... T.
   *
   * @param cost of a step by the variance of the reverse process
   */
  static Spacing likelihood(int count, X0Variance c, StepCost cost) {
    return schedule -> LikelihoodSpacing.timesteps(schedule, c, cost, room(schedule, count));
  }

  private static int[] room(Schedule schedule, int count) {
    if (count < 1 || count > schedule.steps()) {
      throw new IllegalArgumentException(count + " steps: allowed are 1 ... " + schedule.steps());
    }
    return new int[count];
  }
}
