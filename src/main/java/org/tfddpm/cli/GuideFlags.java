package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.cli.Option;
import org.jspecify.annotations.Nullable;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.model.Model;
import org.tfddpm.sample.Guide;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** The flags that name a classifier by which pictures are guided. */
final class GuideFlags {
  /** Most that rounding makes of the same schedule. */
  private static final double SAME = 1e-9;

  private static final int LARGEST_SCALE = 1000;

  private final String place;
  private final double scale;

  /** Their descriptions. */
  static List<Option> options() {
    return List.of(
        flag("classifier", "DIR", "run of a classifier that guides pictures to their classes"),
        flag("classifier-scale", "S", "how much it counts, 0 ... 1000 (default 1)"));
  }

  /**
   * Checks all that can be without a model.
   *
   * @throws BadInput if there is a scale without a classifier, or it is out of range
   */
  GuideFlags(Flags flags) {
    if (flags.has("classifier-scale") && !flags.has("classifier")) {
      throw new BadInput(
          "--classifier-scale "
              + flags.text("classifier-scale").orElse("")
              + ": allowed with --classifier DIR");
    }
    place = "--classifier " + flags.text("classifier").orElse("");
    scale = flags.number("classifier-scale", 0, LARGEST_SCALE).orElse(1.0);
  }

  /**
   * The guide of a model's pictures; null if there is no classifier.
   *
   * @throws BadInput if it has seen other images, other noise or other classes than the model
   */
  @Nullable Guide of(Model model, @Nullable TrainedModel classifier) {
    if (classifier == null) {
      return null;
    }
    Model guide = Model.of(classifier.spec());
    if (!guide.isClassifier()) {
      throw bad("it makes pictures; allowed is a run of a graph with classifier.classes above 0");
    }
    same("images of", size(guide.spec().getImage()), size(model.spec().getImage()));
    same("diffusion.steps", guide.schedule().steps(), model.schedule().steps());
    for (int t : IntStream.range(0, model.schedule().steps()).toArray()) {
      same("another schedule, at t = " + t + " alphaBar", guide.schedule(), model.schedule(), t);
    }
    if (model.isConditional()) {
      same("classes", guide.classes(), model.classes());
    }
    return new Guide(guide, classifier.weights(), scale);
  }

  private void same(String what, Schedule ofGuide, Schedule ofModel, int t) {
    if (Math.abs(ofGuide.alphaBar(t) - ofModel.alphaBar(t)) > SAME) {
      throw differs(what, ofGuide.alphaBar(t), ofModel.alphaBar(t));
    }
  }

  private void same(String what, Object ofGuide, Object ofModel) {
    if (!ofGuide.equals(ofModel)) {
      throw differs(what, ofGuide, ofModel);
    }
  }

  private BadInput differs(String what, Object ofGuide, Object ofModel) {
    return bad(what + " " + ofGuide + ", allowed is the model's " + ofModel);
  }

  private BadInput bad(String why) {
    return new BadInput(place + ": " + why);
  }

  private static String size(GraphSpec.Image image) {
    return image.getHeight() + "x" + image.getWidth() + "x" + image.getChannels();
  }
}
