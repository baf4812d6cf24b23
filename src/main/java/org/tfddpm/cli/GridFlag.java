package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.cli.Option;
import org.tfddpm.model.Model;
import org.tfddpm.sample.Pictures;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.BadInput;

/** The flag that asks for every label with every seed. */
final class GridFlag {
  private static final int SEEDS = 10;

  /** Its values: what rows are, then what columns are. */
  private static final List<String> ALLOWED = List.of("label,seed", "seed,label");

  private GridFlag() {}

  /** Its description. */
  static Option option() {
    return flag(
        "grid",
        "ROWS,COLUMNS",
        "every label with every seed: label,seed (a row for each label) or seed,label; --count is of"
            + " seeds then (default 10)");
  }

  /** How many pictures, or seeds of a grid, where --count does not say. */
  static int usualCount(Flags flags, int usual) {
    return flags.has("grid") ? SEEDS : usual;
  }

  /**
   * Checks all that can be without the model.
   *
   * @throws BadInput if it has another value, or is given with a flag it does not go with
   */
  static void check(Flags flags) {
    flags
        .text("grid")
        .filter(value -> !ALLOWED.contains(value))
        .ifPresent(
            value -> {
              throw new BadInput(
                  "--grid " + value + ": allowed are " + String.join(" and ", ALLOWED));
            });
    for (String other : List.of("progress", "from-image")) {
      if (flags.has("grid") && flags.has(other)) {
        throw new BadInput(
            "--" + other + " " + flags.text(other).orElse("") + ": not allowed with --grid");
      }
    }
  }

  /**
   * The pictures, row by row, and how many are in a row.
   *
   * @throws BadInput if the model has no classes
   */
  static Grid of(Flags flags, Model model, Wanted wanted, SharedSampling.Seeds seeds) {
    if (!model.isConditional()) {
      throw new BadInput(
          "--grid "
              + flags.text("grid").orElse("")
              + ": the model was trained without classes (condition.classes is 0)");
    }
    int[] labels =
        wanted.labels().isEmpty()
            ? IntStream.range(0, model.spec().getCondition().getClasses()).toArray()
            : wanted.labels().stream().mapToInt(Integer::intValue).toArray();
    int all = labels.length * seeds.count();
    boolean labelled = flags.text("grid").filter(ALLOWED.get(0)::equals).isPresent();
    int columns = labelled ? seeds.count() : labels.length;
    Pictures pictures =
        labelled
            ? new Pictures(all, i -> seeds.first() + i % columns, i -> labels[i / columns])
            : new Pictures(all, i -> seeds.first() + i / columns, i -> labels[i % columns]);
    return new Grid(pictures, columns);
  }

  /** Pictures in rows. */
  record Grid(Pictures pictures, int columns) {}
}
