package org.tfddpm.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfddpm.model.Model;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Resources;

/** The schedules against numbers of other programs, and identities. */
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
    for (double wrong : new double[] {0, 1, 1.1, -0.1, Double.NaN}) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> Schedule.ofBetas(new double[] {.1, wrong, .1}));
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

  /** diffusers calculates in float32; tools/golden/schedules.py wrote the file. */
  @Test
  void schedulesAreThoseOfDiffusers() throws IOException {
    int compared = 0;
    for (String line : Resources.lines(ScheduleTest.class, "diffusers.txt")) {
      List<String> words = List.of(line.split(" "));
      GraphSpec.Diffusion.Builder diffusion =
          GraphSpec.Diffusion.newBuilder()
              .setSchedule(GraphSpec.Schedule.valueOf(words.get(0)))
              .setZeroTerminalSnr(words.contains("zero_terminal_snr"));
      int t = Integer.parseInt(words.get(words.size() - 2));
      double expected = Double.parseDouble(words.get(words.size() - 1));
      double given = schedule(diffusion).alphaBar(t);
      assertEquals(expected, given, 1e-6 * Math.min(1, 50 * expected + 1e-3), line);
      compared++;
    }
    assertEquals(60, compared);
  }

  @Test
  void cosineScheduleHasTheNumbersOfThePaper() {
    Schedule cosine = CosineSchedule.of(1000);
    assertEquals(.999958715775178, cosine.alphaBar(0), 1e-15);
    assertEquals(.4938435904406382, cosine.alphaBar(499), 1e-14);
    assertEquals(.999, cosine.beta(999));
  }

  @Test
  void jsdTakesAnEqualShareOfTheSignalAtEachStep() {
    Schedule jsd = JsdSchedule.of(200);
    for (int t = 0; t < 200; t++) {
      assertEquals(1 - (t + 1) / 200.0, jsd.alphaBar(t), 1e-13);
    }
    assertTrue(jsd.endsInNoise());
  }

  @Test
  void warmupRisesOverItsPartOfTheStepsAndStays() {
    Schedule warmup = WarmupSchedule.of(50, .01, .05, .1);
    double[] first = {.01, .02, .03, .04, .05, .05, .05};
    for (int t = 0; t < first.length; t++) {
      assertEquals(first[t], warmup.beta(t), 1e-15);
    }
    assertEquals(.05, warmup.beta(49));
    assertEquals(.03, WarmupSchedule.of(10, .01, .05, .5).beta(2), 1e-15);
    assertEquals(.05, WarmupSchedule.of(3, .01, .05, .1).beta(0));
  }

  @Test
  void constantStays() {
    assertEquals(Math.pow(.98, 7), ConstantSchedule.of(9, .02).alphaBar(6), 1e-15);
  }

  @Test
  void geometricNoiseGrowsByTheSameFactor() {
    // Song & Ermon 2019 take ten levels from 1 to 0.01.
    Schedule geometric = GeometricSchedule.of(10, .01, 1);
    for (int t = 0; t < 10; t++) {
      assertEquals(Math.pow(10, -2 + 2 * t / 9.0), Math.sqrt(geometric.noiseToSignal(t)), 1e-12);
    }
    assertEquals(.5, geometric.alphaBar(9), 1e-15);
  }

  @Test
  void scaledBetasEndInAsMuchNoiseForAnyNumberOfSteps() {
    GraphSpec.Diffusion.Builder scaled = GraphSpec.Diffusion.newBuilder().setScaleBetas(true);
    for (int steps : new int[] {250, 1000, 4000}) {
      double end = schedule(scaled.setSteps(steps)).alphaBar(steps - 1);
      assertEquals(-10.1, Math.log(end), steps == 250 ? .25 : .05);
    }
    assertEquals(4e-4, schedule(scaled.setSteps(250)).beta(0), 1e-18);
  }

  private static Schedule schedule(GraphSpec.Diffusion.Builder diffusion) {
    return Model.of(GraphSpec.newBuilder().setDiffusion(diffusion).build()).schedule();
  }
}
