package org.tfddpm.diffusion.schedule;

import java.util.List;

/**
 * The time steps of Nichol &amp; Dhariwal 2021 by sections: T steps in as many sections as there
 * are counts, the first ones one step longer where they cannot be equal, and in each section its
 * count of steps at even distances from its first step to its last; a count of 1 is the first. As
 * their program's space_timesteps, which adds up the distances, so that the same halves are rounded
 * the same way.
 */
public final class SectionSpacing {
  private SectionSpacing() {}

  /**
   * How many steps section i of so many sections has, from which its count is taken.
   *
   * @param steps T
   * @param i 0 ... sections-1
   */
  public static int size(int steps, int sections, int i) {
    return steps / sections + (i < steps % sections ? 1 : 0);
  }

  /**
   * The time steps.
   *
   * @param steps T
   * @param counts for each section, from x_0 on, 0 ... its size
   * @throws IllegalArgumentException if a count is out of range, or all are 0
   */
  static int[] timesteps(int steps, List<Integer> counts) {
    int[] tau = new int[counts.stream().mapToInt(Integer::intValue).sum()];
    int start = 0;
    int next = 0;
    for (int i = 0; i < counts.size(); i++) {
      int count = counts.get(i);
      int size = size(steps, counts.size(), i);
      if (count < 0 || count > size || tau.length == 0) {
        throw new IllegalArgumentException(
            count + " steps in section " + (i + 1) + ": allowed are 0 ... " + size + ", not all 0");
      }
      double distance = count < 2 ? 1 : (size - 1.0) / (count - 1);
      double place = 0;
      for (int k = 0; k < count; k++) {
        tau[next++] = start + (int) Math.rint(place);
        place += distance;
      }
      start += size;
    }
    return tau;
  }
}
