package org.tfddpm.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tfddpm.testing.Resources;

class SpacingTest {
  private static final Schedule LINEAR = LinearSchedule.of(1000, 1e-4, 0.02);

  /** The spacings that are asked for by their number of steps. */
  private enum Kind {
    UNIFORM,
    QUADRATIC,
    EVEN,
    KARRAS,
    ONE_SECTION;

    Spacing of(int count) {
      return switch (this) {
        case UNIFORM -> Spacing.uniform(count);
        case QUADRATIC -> Spacing.quadratic(count);
        case EVEN -> Spacing.even(count);
        case KARRAS -> Spacing.karras(count);
        case ONE_SECTION -> Spacing.sections(List.of(count));
      };
    }
  }

  @Test
  void uniformTakesEveryHundredth() {
    assertArrayEquals(
        new int[] {0, 100, 200, 300, 400, 500, 600, 700, 800, 900},
        Spacing.uniform(10).timesteps(LINEAR));
  }

  @Test
  void quadraticIsDenseNearTheImage() {
    assertArrayEquals(
        new int[] {0, 9, 39, 88, 158, 246, 355, 483, 632, 800},
        Spacing.quadratic(10).timesteps(LINEAR));
  }

  @Test
  void evenHasBothEnds() {
    assertArrayEquals(
        new int[] {0, 111, 222, 333, 444, 555, 666, 777, 888, 999},
        Spacing.even(10).timesteps(LINEAR));
    assertArrayEquals(new int[] {999}, Spacing.even(1).timesteps(LINEAR));
  }

  /** Karras et al. 2022, eq. 5, at the nearest of the levels, by numpy. */
  @Test
  void karrasIsEvenInTheSeventhRootOfTheNoise() {
    assertArrayEquals(
        new int[] {0, 18, 102, 301, 511, 663, 775, 864, 937, 999},
        Spacing.karras(10).timesteps(LINEAR));
    assertArrayEquals(
        new int[] {
          0, 5, 21, 55, 120, 221, 342, 455, 551, 631, 699, 757, 809, 854, 895, 933, 967, 999
        },
        Spacing.karras(18).timesteps(LINEAR));
    assertArrayEquals(new int[] {999}, Spacing.karras(1).timesteps(LINEAR));
  }

  @Test
  void karrasHasThePureNoiseAndSpreadsTheRest() {
    Schedule jsd = JsdSchedule.of(100);
    int[] tau = Spacing.karras(6).timesteps(jsd);
    assertEquals(99, tau[5]);
    assertEquals(98, tau[4]);
    assertEquals(0, tau[0]);
    double[] roots =
        IntStream.of(tau)
            .limit(5)
            .mapToDouble(t -> Math.pow(jsd.noiseToSignal(t), 1 / 14.0))
            .toArray();
    // Even but for the distance to the nearest of few levels.
    for (int i = 2; i < 5; i++) {
      assertEquals(roots[1] - roots[0], roots[i] - roots[i - 1], 0.1);
    }
    assertArrayEquals(new int[] {99}, Spacing.karras(1).timesteps(jsd));
    assertArrayEquals(new int[] {98, 99}, Spacing.karras(2).timesteps(jsd));
  }

  /** tools/golden/spacings.py wrote the file. */
  @Test
  void sectionsAreThoseOfImprovedDiffusion() throws IOException {
    List<String> lines = Resources.lines(SpacingTest.class, "sections.txt");
    assertEquals(12, lines.size());
    for (String line : lines) {
      List<String> words = List.of(line.split(" "));
      Schedule schedule = ConstantSchedule.of(Integer.parseInt(words.get(0)), 0.01);
      List<Integer> counts = IntStream.of(numbers(words.get(1))).boxed().toList();
      assertArrayEquals(numbers(words.get(2)), Spacing.sections(counts).timesteps(schedule), line);
    }
  }

  /** The paper rounds real numbers; its program adds distances, which moves some halves by one. */
  @Test
  void oneSectionIsEvenSpacing() {
    for (int count = 2; count <= 1000; count++) {
      int[] even = Spacing.even(count).timesteps(LINEAR);
      int[] section = Spacing.sections(List.of(count)).timesteps(LINEAR);
      for (int i = 0; i < count; i++) {
        double exact = i * 999.0 / (count - 1);
        boolean half = Math.abs(exact - Math.floor(exact) - 0.5) < 1e-9;
        assertEquals(even[i], section[i], half ? 1 : 0, count + " steps, step " + i);
      }
    }
  }

  @Test
  void sectionsThatAreTooFullAreNamed() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Spacing.sections(List.of(10, 334)).timesteps(ConstantSchedule.of(667, 0.01)));
    assertEquals("334 steps in section 2: allowed are 0 ... 333, not all 0", error.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Spacing.sections(List.of(0)).timesteps(LINEAR));
  }

  @ParameterizedTest
  @EnumSource
  void everyCountGivesAsManyDifferentStepsInRange(Kind kind) {
    for (int steps : new int[] {1, 2, 7, 100, 1000}) {
      Schedule schedule = LinearSchedule.of(steps, 1e-4, 0.02);
      for (int count = 1; count <= steps; count++) {
        int[] tau = kind.of(count).timesteps(schedule);
        assertEquals(count, tau.length);
        assertTrue(tau[0] >= 0 && tau[count - 1] < steps);
        for (int i = 1; i < count; i++) {
          assertTrue(tau[i] > tau[i - 1], kind + " " + steps + " " + count);
        }
      }
      assertArrayEquals(IntStream.range(0, steps).toArray(), kind.of(steps).timesteps(schedule));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ONE_SECTION")
  void countsOutOfRangeAreNamed(Kind kind) {
    for (int wrong : new int[] {0, -1, 1001}) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> kind.of(wrong).timesteps(LINEAR));
      assertEquals(wrong + " steps: allowed are 1 ... 1000", error.getMessage());
    }
  }

  private static int[] numbers(String words) {
    return Arrays.stream(words.split(",")).mapToInt(Integer::parseInt).toArray();
  }
}
