package org.tfddpm.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpacingTest {
  @Test
  void uniformTakesEveryHundredth() {
    assertArrayEquals(
        new int[] {0, 100, 200, 300, 400, 500, 600, 700, 800, 900},
        Spacing.UNIFORM.timesteps(1000, 10));
  }

  @Test
  void quadraticIsDenseNearTheImage() {
    assertArrayEquals(
        new int[] {0, 9, 39, 88, 158, 246, 355, 483, 632, 800},
        Spacing.QUADRATIC.timesteps(1000, 10));
  }

  @Test
  void evenHasBothEnds() {
    assertArrayEquals(
        new int[] {0, 111, 222, 333, 444, 555, 666, 777, 888, 999},
        Spacing.EVEN.timesteps(1000, 10));
    assertArrayEquals(new int[] {999}, Spacing.EVEN.timesteps(1000, 1));
  }

  @ParameterizedTest
  @EnumSource
  void everyCountGivesAsManyDifferentStepsInRange(Spacing spacing) {
    for (int steps : new int[] {1, 2, 7, 100, 1000}) {
      for (int count = 1; count <= steps; count++) {
        int[] tau = spacing.timesteps(steps, count);
        assertEquals(count, tau.length);
        assertTrue(tau[0] >= 0 && tau[count - 1] < steps);
        for (int i = 1; i < count; i++) {
          assertTrue(tau[i] > tau[i - 1], spacing + " " + steps + " " + count);
        }
      }
      assertArrayEquals(IntStream.range(0, steps).toArray(), spacing.timesteps(steps, steps));
    }
  }

  @ParameterizedTest
  @EnumSource
  void countsOutOfRangeAreNamed(Spacing spacing) {
    for (int wrong : new int[] {0, -1, 1001}) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> spacing.timesteps(1000, wrong));
      assertEquals(wrong + " steps: allowed are 1 ... 1000", error.getMessage());
    }
  }
}
