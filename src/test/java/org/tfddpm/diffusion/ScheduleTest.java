package org.tfddpm.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Numbers of Ho et al. 2020's schedule, calculated elsewhere in float64, and identities. */
class ScheduleTest {
  private final Schedule linear = LinearSchedule.of(1000, 1e-4, 0.02);

  @Test
  void linearScheduleHasTheAlphaBarOfThePaper() {
    assertEquals(.9999, linear.alphaBar(0), 1e-16);
    assertEquals(.9997800920720721, linear.alphaBar(1), 1e-15);
    assertEquals(.89701814567496, linear.alphaBar(99), 1e-14);
    assertEquals(.07858724288177824, linear.alphaBar(499), 1e-15);
    assertEquals(4.035829765375676e-05, linear.alphaBar(999), 1e-18);
    assertEquals(1, linear.alphaBar(-1));
  }

  @Test
  void linearScheduleHasTheBetaTildeOfThePaper() {
    assertEquals(0, linear.betaTilde(0));
    assertEquals(5.4531876613e-05, linear.betaTilde(1), 1e-14);
    assertEquals(.00979157, linear.betaTilde(487), 1e-8);
    assertEquals(.01999998, linear.betaTilde(999), 1e-8);
  }

  @Test
  void posteriorCoefficientsSumToWhatLeavesTheNoiselessPathOnItself() {
    // Without noise x_t = sqrt(alphaBar_t) x_0, so coef1 + coef2 sqrt(alphaBar_t) is
    // sqrt(alphaBar_{t-1}).
    for (int t = 0; t < linear.steps(); t++) {
      double before = linear.alphaBar(t - 1);
      double now = linear.alphaBar(t);
      double ofX0 = Math.sqrt(before) * linear.beta(t) / (1 - now);
      double ofXt = Math.sqrt(1 - linear.beta(t)) * (1 - before) / (1 - now);
      assertEquals(Math.sqrt(before), ofX0 + ofXt * Math.sqrt(now), 1e-12);
    }
  }

  @Test
  void posteriorVarianceIsThatOfTwoGaussiansMultiplied() {
    // 1/betaTilde = alpha/beta + 1/(1 - alphaBar_{t-1}).
    for (int t = 1; t < linear.steps(); t++) {
      double precision = (1 - linear.beta(t)) / linear.beta(t) + 1 / (1 - linear.alphaBar(t - 1));
      assertEquals(1, linear.betaTilde(t) * precision, 1e-11);
    }
  }

  @Test
  void aScheduleOfOneStepIsItsStart() {
    assertEquals(0.3, LinearSchedule.of(1, 0.3, 0.9).beta(0));
  }

  @Test
  void betasOutOfRangeAreNamed() {
    var noBeta =
        assertThrows(IllegalArgumentException.class, () -> Schedule.ofBetas(new double[0]));
    assertEquals("a schedule has at least one step", noBeta.getMessage());
    for (double wrong : new double[] {0, 1, -0.1, Double.NaN}) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> Schedule.ofBetas(new double[] {.1, wrong}));
      assertEquals("beta[1] = " + wrong + " is not in (0,1)", error.getMessage());
    }
  }

  @Test
  void noiseToSignalRises() {
    assertEquals(0, linear.noiseToSignal(-1));
    for (int t = 0; t < linear.steps(); t++) {
      assertTrue(linear.noiseToSignal(t) > linear.noiseToSignal(t - 1));
    }
  }
}
