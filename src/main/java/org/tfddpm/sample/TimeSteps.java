package org.tfddpm.sample;

import java.util.Arrays;

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
}
