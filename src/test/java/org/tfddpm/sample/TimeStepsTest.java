package org.tfddpm.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class TimeStepsTest {
  private static final int[] TAU = {1, 4, 11, 19};

  @Test
  void goDownToThePictureAndUpFromIt() {
    assertArrayEquals(new int[] {19, 11, 4, 1, -1}, TimeSteps.down(TAU));
    assertArrayEquals(new int[] {-1, 1, 4, 11, 19}, TimeSteps.up(TAU));
  }

  @Test
  void aFractionOfThemIsAtLeastOne() {
    assertArrayEquals(TAU, TimeSteps.lower(TAU, 1));
    assertArrayEquals(new int[] {1, 4, 11}, TimeSteps.lower(TAU, 0.7));
    assertArrayEquals(new int[] {1, 4}, TimeSteps.lower(TAU, 0.5));
    assertArrayEquals(new int[] {1}, TimeSteps.lower(TAU, 1e-9));
  }

  /** Of the schedule of Lugmayr et al.'s program, with leaps in place of the steps up. */
  @Test
  void resampledOnesGoUpAfterEveryJump() {
    int[] tau = {0, 10, 20, 30, 40};
    assertArrayEquals(
        new int[] {40, 30, 20, 40, 30, 20, 40, 30, 20, 10, 0, 20, 10, 0, 20, 10, 0, -1},
        TimeSteps.resampled(tau, 3, 2));
    assertArrayEquals(
        new int[] {40, 30, 40, 30, 20, 30, 20, 10, 20, 10, 0, 10, 0, -1},
        TimeSteps.resampled(tau, 2, 1));
    assertArrayEquals(TimeSteps.down(tau), TimeSteps.resampled(tau, 1, 1));
  }
}
