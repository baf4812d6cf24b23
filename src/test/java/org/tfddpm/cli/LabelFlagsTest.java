package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfddpm.model.Model;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.BadInputs;

class LabelFlagsTest {
  private static final Model UNCONDITIONAL = Model.of(GraphSpec.getDefaultInstance());
  private static final Model CLOTHES = conditional(0.1, "shirt", "coat", "ankle boot");
  private static final Model ALWAYS_TOLD = conditional(0, "shirt", "coat", "ankle boot");

  @Test
  void withoutFlagsItIsAllClassesInTurn() {
    assertEquals(Wanted.ALL, wanted("", CLOTHES));
    assertEquals(Wanted.ALL, wanted("", UNCONDITIONAL));
  }

  @Test
  void classesAreNamedOrNumbered() {
    assertEquals(List.of(1, 2, 0), wanted("--label coat,2,shirt", CLOTHES).labels());
    assertEquals(List.of(3), wanted("--label none", CLOTHES).labels());
    assertEquals(2.5, wanted("--guidance 2.5", CLOTHES).guidance());
    // Numbers that are names count as such.
    assertEquals(List.of(0), wanted("--label 1", conditional(0.1, "1", "0")).labels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --label 3 | --label 3: unknown class; known are shirt, coat, ankle boot
          --label cout | --label cout: unknown class; did you mean "coat"?
          --label coat, | --label : unknown class; known are shirt, coat, ankle boot
          --guidance -1 | --guidance -1: allowed are numbers in 0 ... 1000
          --guidance-rescale 0.5 | --guidance-rescale 0.5: allowed with --guidance
          --guidance 1 --guidance-rescale 2 | --guidance-rescale 2: allowed are numbers in 0 ... 1
          """)
  void badFlags(String line, String message) {
    assertEquals(message, BadInputs.messageOf(() -> wanted(line, CLOTHES)));
  }

  @Test
  void modelsThatAreNotToldOfClassesSaySo() {
    for (String flag : new String[] {"--label 3", "--guidance 2"}) {
      assertEquals(
          flag + ": the model was trained without classes (condition.classes is 0)",
          BadInputs.messageOf(() -> wanted(flag, UNCONDITIONAL)));
    }
    assertEquals(
        "--guidance 2: allowed is 0: the model was trained with all its labels"
            + " (condition.label_dropout is 0)",
        BadInputs.messageOf(() -> wanted("--guidance 2", ALWAYS_TOLD)));
    assertEquals(
        "--label none: the model was trained with all its labels (condition.label_dropout is 0)",
        BadInputs.messageOf(() -> wanted("--label none", ALWAYS_TOLD)));
  }

  private static Wanted wanted(String line, Model model) {
    List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
    LabelFlags flags = new LabelFlags(Flags.parse(new SampleCommand(), arguments));
    flags.rescale();
    return flags.wanted(model, null);
  }

  private static Model conditional(double dropout, String... names) {
    GraphSpec.Builder spec = GraphSpec.newBuilder();
    spec.getConditionBuilder()
        .setClasses(names.length)
        .setLabelDropout(dropout)
        .addAllClassNames(List.of(names));
    return Model.of(spec.build());
  }
}
