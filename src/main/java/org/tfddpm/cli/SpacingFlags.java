package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.Option;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.SectionSpacing;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.spec.BadInput;

/** The flags that say which time steps are visited. */
final class SpacingFlags {
  /** Value of --spacing that goes by what calibrate has found. */
  static final String LIKELIHOOD = "likelihood";

  private static final int DEFAULT_STEPS = 50;

  private final Flags flags;
  private final Optional<List<Integer>> sections;

  /** Their descriptions. */
  static List<Option> options() {
    return List.of(
        flag("steps", "S", "time steps to visit, 1 ... T (default 50)"),
        flag(
            "spacing",
            "NAME|N,N,...",
            "uniform, quadratic, even, karras, likelihood (the best bound, after calibrate), or N"
                + " steps of each of as many sections, the picture's first (default uniform)"));
  }

  /**
   * Checks all that can be without the model.
   *
   * @throws BadInput if --spacing is neither a name nor sections, or contradicts --steps
   */
  SpacingFlags(Flags flags) {
    this.flags = flags;
    sections =
        flags
            .text("spacing")
            .filter(value -> named(value).isEmpty() && !value.equals(LIKELIHOOD))
            .map(this::sections);
  }

  /** Whether they are those of the best bound on the likelihood, which spacing cannot give. */
  boolean isForLikelihood() {
    return flags.text("spacing").equals(Optional.of(LIKELIHOOD));
  }

  /**
   * How many time steps of the schedule are visited.
   *
   * @throws BadInput if it has too few
   */
  int count(Schedule schedule) {
    int most = schedule.steps();
    return sections.map(counts -> sum(counts, most)).orElseGet(() -> steps(most));
  }

  /** The time steps, so many of them. */
  Spacing spacing(int count) {
    return sections.map(Spacing::sections).orElseGet(() -> spread(count));
  }

  private Spacing spread(int count) {
    return flags
        .text("spacing")
        .flatMap(SpacingFlags::named)
        .orElse(NamedSpacing.UNIFORM)
        .of(count);
  }

  private int steps(int most) {
    return (int)
        (long) flags.integer("steps", 1, most).orElse((long) Math.min(DEFAULT_STEPS, most));
  }

  private List<Integer> sections(String value) {
    if (!value.matches("[0-9]{1,6}(,[0-9]{1,6})*")) {
      throw new BadInput(
          "--spacing "
              + value
              + ": allowed are uniform, quadratic, even, karras, likelihood, or N,N,... such as 10,15,20");
    }
    List<Integer> counts = Arrays.stream(value.split(",")).map(Integer::valueOf).toList();
    long sum = counts.stream().mapToLong(Integer::longValue).sum();
    if (sum == 0) {
      throw new BadInput("--spacing " + value + ": allowed is at least one time step");
    }
    flags
        .integer("steps", 1, Long.MAX_VALUE)
        .filter(steps -> steps != sum)
        .ifPresent(
            steps -> {
              throw new BadInput(
                  "--steps " + steps + ": allowed with --spacing " + value + " is its sum, " + sum);
            });
    return counts;
  }

  private int sum(List<Integer> counts, int most) {
    int sum = 0;
    for (int i = 0; i < counts.size(); i++) {
      int size = SectionSpacing.size(most, counts.size(), i);
      if (counts.get(i) > size) {
        throw new BadInput(
            "--spacing "
                + flags.text("spacing").orElse("")
                + ": "
                + counts.get(i)
                + " time steps in section "
                + (i + 1)
                + ": allowed are 0 ... "
                + size);
      }
      sum += counts.get(i);
    }
    return sum;
  }

  private static Optional<NamedSpacing> named(String value) {
    return Arrays.stream(NamedSpacing.values())
        .filter(name -> name.name().toLowerCase(Locale.ROOT).equals(value))
        .findFirst();
  }
}
