package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.sampler.Churn;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.BadInputs;

class SamplingFlagsTest {
  private static final Model MODEL = Model.of(GraphSpec.getDefaultInstance());
  private static final TrainedModel UNTRAINED =
      new TrainedModel(MODEL.spec(), 0, Map.of(), Optional.empty(), null, () -> {});
  private static final Schedule SCHEDULE = MODEL.schedule();

  private static ImageSampler.Options options(String line) {
    List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
    return new SamplingFlags(Flags.parse(new SampleCommand(), arguments)).options(MODEL, UNTRAINED);
  }

  private static int[] timeSteps(String line) {
    return options(line).spacing().timesteps(SCHEDULE);
  }

  @Test
  void withoutFlagsItIsDdimOverFiftySteps() {
    ImageSampler.Options options = options("");
    assertEquals(Method.DDIM_DETERMINISTIC, options.method());
    assertArrayEquals(Spacing.uniform(50).timesteps(SCHEDULE), timeSteps(""));
    assertSame(Thresholding.NONE, options.settings().thresholding());
    assertEquals(Method.DDIM, options("--eta 0.5").method());
  }

  @Test
  void spacingsAreGivenByNameOrBySections() {
    assertArrayEquals(Spacing.even(20).timesteps(SCHEDULE), timeSteps("--spacing even --steps 20"));
    assertArrayEquals(
        Spacing.karras(18).timesteps(SCHEDULE), timeSteps("--spacing karras --steps 18"));
    int[] sections = Spacing.sections(List.of(30, 15, 5)).timesteps(SCHEDULE);
    assertArrayEquals(sections, timeSteps("--spacing 30,15,5"));
    assertArrayEquals(sections, timeSteps("--spacing 30,15,5 --steps 50"));
  }

  @Test
  void churnIsSpreadOverTheStepsThatThereAre() {
    assertEquals(Churn.of(10, 50), options("--sampler heun --churn 10").settings().churn());
    assertEquals(
        Churn.of(10, 45), options("--sampler euler --churn 10 --spacing 40,5").settings().churn());
    assertEquals(Churn.NONE, options("--sampler euler").settings().churn());
  }

  @Test
  void defaultsAreThoseOfThePapers() {
    assertSame(Thresholding.STATIC, options("--sampler ddpm").settings().thresholding());
    assertSame(Thresholding.NONE, options("--sampler ddpm --x0 keep").settings().thresholding());
    assertSame(Thresholding.STATIC, options("--sampler heun --x0 clip").settings().thresholding());
    assertEquals(0.16, options("--sampler pc").settings().snr());
    assertEquals(1, options("--sampler pc").settings().langevinSteps());
    assertEquals(0.22, options("--sampler langevin").settings().snr());
    assertEquals(10, options("--sampler langevin").settings().langevinSteps());
    assertEquals(0.3, options("--sampler pc --snr 0.3").settings().snr());
    assertEquals(7, options("--sampler langevin --langevin-steps 7").settings().langevinSteps());
  }

  @Test
  void whatTheScheduleHasTooFewStepsForIsNamed() {
    assertEquals(
        "--steps 1001: allowed are whole numbers in 1 ... 1000",
        BadInputs.messageOf(() -> options("--steps 1001")));
    assertEquals(
        "--spacing 10,10,334: 334 time steps in section 3: allowed are 0 ... 333",
        BadInputs.messageOf(() -> options("--spacing 10,10,334")));
    assertArrayEquals(new int[] {0, 499}, timeSteps("--spacing 2,0"));
  }
}
