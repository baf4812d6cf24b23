package org.tfddpm.sample;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The time steps of a chain in their order, from those that a Spacing visits. */
public final class TimeSteps {
  private TimeSteps() {}

  /**
   * From noise to the picture: tau_{S-1}, ... tau_0, -1.
   *
   * @param tau rising, 0 ... T-1
   */
  public static int[] down(int[] tau) {
    int[] down = new int[tau.length + 1];
    for (int i = 0; i < tau.length; i++) {
      down[i] = tau[tau.length - 1 - i];
    }
    down[tau.length] = -1;
    return down;
  }

  /**
   * From the picture to noise: -1, tau_0, ... tau_{S-1}.
   *
   * @param tau rising, 0 ... T-1
   */
  public static int[] up(int[] tau) {
    int[] up = new int[tau.length + 1];
    up[0] = -1;
    System.arraycopy(tau, 0, up, 1, tau.length);
    return up;
  }

  /**
   * The lower ones of them, those next to the picture: round(strength S), but at least one.
   *
   * @param tau rising, 0 ... T-1
   * @param strength 0 ... 1
   */
  public static int[] lower(int[] tau, double strength) {
    return Arrays.copyOf(tau, Math.max(1, (int) Math.round(strength * tau.length)));
  }

  /**
   * Each so many times over, the last one once.
   *
   * @param timeSteps of a chain
   */
  static int[] each(int[] timeSteps, int times) {
    int[] each = new int[(timeSteps.length - 1) * times + 1];
    for (int i = 0; i < each.length; i++) {
      each[i] = timeSteps[i / times];
    }
    return each;
  }

  /** How often a time step follows a lower one. */
  static int rises(int[] timeSteps) {
    int rises = 0;
    for (int i = 1; i < timeSteps.length; i++) {
      rises += timeSteps[i] > timeSteps[i - 1] ? 1 : 0;
    }
    return rises;
  }

  /**
   * From noise to the picture, and over and over a part of the way back (Lugmayr et al. 2022, the
   * schedule of their program): after every so many steps down as many up, by one leap.
   *
   * @param tau rising, 0 ... T-1
   * @param times R, how often each part is gone down, from 1 (once, and never up)
   * @param jump J, how many steps are gone up, from 1
   */
  static int[] resampled(int[] tau, int times, int jump) {
    IntStream.Builder way = IntStream.builder();
    for (int p = tau.length - 1; p >= 0; p--) {
      way.add(tau[p]);
      boolean turns = p % jump == 0 && p + jump < tau.length;
      for (int i = 1; turns && i < times; i++) {
        for (int above = p + jump; above >= p; above--) {
          way.add(tau[above]);
        }
      }
    }
    return way.add(-1).build().toArray();
  }
}
