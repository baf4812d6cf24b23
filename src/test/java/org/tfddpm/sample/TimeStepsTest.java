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
}
