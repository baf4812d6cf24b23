package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.jspecify.annotations.Nullable;
import org.tfddpm.model.Model;
import org.tfddpm.sample.Guide;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.Names;

/** The flags that say what pictures are to be of. */
final class LabelFlags {
  private static final String NONE = "none";
  private static final int MOST_GUIDANCE = 1000;

  private final Flags flags;

  LabelFlags(Flags flags) {
    this.flags = flags;
  }

  /** Their descriptions. */
  static List<Option> options() {
    return List.of(
        flag(
            "label",
            "NAME,...",
            "classes of the pictures in turn, by name or number; none for no label (default: all"
                + " classes)"),
        flag("guidance", "W", "w of classifier-free guidance; 0 is the label alone (default 0)"),
        flag("guidance-rescale", "PHI", "keeps guided pictures from glaring, 0 ... 1 (default 0)"));
  }

  /** Descriptions of those that go with given pictures. */
  static List<Option> ofPictures() {
    return List.of(
        flag(
            "label",
            "NAME,...",
            "classes of the pictures in turn, by name or number (default: none, no label)"),
        options().get(1),
        options().get(2));
  }

  /**
   * What the model is asked for.
   *
   * @param guide a classifier, whose classes count where the model has none; null for none
   * @throws BadInput if there are no classes, not that one, or the model allows no guidance
   */
  Wanted wanted(Model model, @Nullable Guide guide) {
    Model known = guide == null || model.isConditional() ? model : guide.model();
    double guidance = flags.number("guidance", 0, MOST_GUIDANCE).orElse(0.0);
    for (String flag : List.of("label", "guidance", "guidance-rescale")) {
      int classes = flag.equals("label") ? known.classes() : model.classes();
      if (flags.has(flag) && classes == 0) {
        throw bad(flag, "the model was trained without classes (condition.classes is 0)");
      }
    }
    if (guidance > 0 && !model.allowsGuidance()) {
      throw bad(
          "guidance",
          "allowed is 0: the model was trained with all its labels (condition.label_dropout is 0)");
    }
    List<Integer> labels = new ArrayList<>();
    flags
        .text("label")
        .ifPresent(
            names -> {
              for (String name : names.split(",", -1)) {
                labels.add(label(known, name));
              }
            });
    return new Wanted(labels, guidance);
  }

  /**
   * What the model is asked for, where all pictures are to be of the same: the first of what sample
   * would make.
   *
   * @throws BadInput as wanted, or if more than one label is given
   */
  Wanted wantedOfAll(Model model) {
    Wanted wanted = wanted(model, null);
    if (wanted.labels().size() > 1) {
      throw bad("label", "allowed is one");
    }
    return new Wanted(List.of(wanted.labels().stream().findFirst().orElse(0)), wanted.guidance());
  }

  /**
   * What the model is asked for, where without a label no class is meant rather than all.
   *
   * @throws BadInput as wanted, or if there is no label and the model was trained with all of them
   */
  Wanted wantedOrNone(Model model) {
    Wanted wanted = wanted(model, null);
    if (!model.isConditional() || flags.has("label")) {
      return wanted;
    }
    if (!model.allowsGuidance()) {
      throw new BadInput(
          "--label NAME,... is needed: the model was trained with all its labels"
              + " (condition.label_dropout is 0)");
    }
    return new Wanted(List.of(label(model, NONE)), wanted.guidance());
  }

  /** phi of guidance. */
  double rescale() {
    if (flags.has("guidance-rescale") && !flags.has("guidance")) {
      throw bad("guidance-rescale", "allowed with --guidance");
    }
    return flags.number("guidance-rescale", 0, 1).orElse(0.0);
  }

  private int label(Model model, String name) {
    int classes = model.classes();
    if (name.equals(NONE)) {
      if (model.isConditional() && !model.allowsGuidance()) {
        throw bad(
            "label", "the model was trained with all its labels (condition.label_dropout is 0)");
      }
      return classes;
    }
    List<String> names = names(model, classes);
    int named = names.indexOf(name);
    if (named >= 0) {
      return named;
    }
    if (name.matches("[0-9]{1,6}") && Integer.parseInt(name) < classes) {
      return Integer.parseInt(name);
    }
    throw new BadInput("--label " + name + ": unknown class" + Names.suggest(name, names));
  }

  /** As the data names them; the numbers, where it does not. */
  private static List<String> names(Model model, int classes) {
    List<String> names = model.classNames();
    if (!names.isEmpty()) {
      return names;
    }
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }

  private BadInput bad(String flag, String why) {
    return new BadInput("--" + flag + " " + flags.text(flag).orElse("") + ": " + why);
  }
}
