package org.tfddpm.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a GraphSpec must hold to be built. The first thing that does not is a {@link BadInput}. */
final class Validation {
  private final GraphSpec spec;
  private final Function<String, String> placeOf;

  /**
   * The validation of a specification.
   *
   * @param placeOf where a field of this path was written, for messages
   */
  Validation(GraphSpec spec, Function<String, String> placeOf) {
    this.spec = spec;
    this.placeOf = placeOf;
  }

  void check() {
    image();
    unet();
    condition();
    classifier();
    diffusion();
    training();
  }

  private void image() {
    atLeast("image.height", 1);
    atLeast("image.width", 1);
    number("image.channels", c -> c == 1 || c == 3, "1 (grey), 3 (colour)");
    if (spec.getData().getSource().isEmpty()) {
      throw bad(
          "data.source",
          "\"\"",
          "allowed are bundled:digits, bundled:digits-test, idx:DIR, idx-test:DIR, cifar10:DIR,"
              + " cifar10-test:DIR, folder:DIR, tfrecord:GLOB");
    }
  }

  private void unet() {
    GraphSpec.Unet unet = spec.getUnet();
    number(
        "unet.base_channels",
        c -> c >= 4 && c <= 16384 && c % 2 == 0,
        "even numbers in 4 ... 16384");
    atLeast("unet.blocks_per_level", 1);
    atLeast("unet.groups", 1);
    atLeast("unet.attention_heads", 1);
    atLeast("unet.head_channels", 0);
    number("unet.dropout", p -> p >= 0 && p < 1, "0 <= dropout < 1");
    String multipliers = "unet.channel_multipliers";
    List<Integer> levels = unet.getChannelMultipliersList();
    if (levels.isEmpty() || levels.stream().anyMatch(m -> m < 1 || m > 1024)) {
      throw bad(
          multipliers,
          Fields.show(levels),
          "allowed is one whole number in 1 ... 1024 for each level");
    }
    int halvings = levels.size() - 1;
    int height = spec.getImage().getHeight();
    int width = spec.getImage().getWidth();
    if (halvings > 30 || height % (1 << halvings) != 0 || width % (1 << halvings) != 0) {
      throw bad(
          multipliers,
          Fields.show(levels),
          String.format(
              "%d levels need a height and a width that %d divides, not %dx%d; allowed are up to %d"
                  + " levels",
              levels.size(), 1L << halvings, height, width, levelsOf(height, width)));
    }
    for (int multiplier : levels) {
      if (unet.getBaseChannels() * multiplier % unet.getGroups() != 0) {
        throw bad(
            "unet.groups",
            unet.getGroups(),
            String.format(
                "groups must divide the channels of every level, %s",
                Fields.show(levels.stream().map(m -> m * unet.getBaseChannels()).toList())));
      }
    }
    attention(unet, levels, height);
  }

  private void attention(GraphSpec.Unet unet, List<Integer> levels, int height) {
    List<Integer> heights = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      heights.add(height >> level);
    }
    for (int resolution : unet.getAttentionResolutionsList()) {
      if (!heights.contains(resolution)) {
        throw bad(
            "unet.attention_resolutions",
            resolution,
            "allowed are the heights of the levels, " + Fields.show(heights));
      }
    }
    for (int level = 0; level < levels.size(); level++) {
      int channels = unet.getBaseChannels() * levels.get(level);
      boolean attends =
          level == levels.size() - 1
              || unet.getAttentionResolutionsList().contains(heights.get(level));
      if (attends && unet.getHeadChannels() > 0 && channels % unet.getHeadChannels() != 0) {
        throw bad(
            "unet.head_channels",
            unet.getHeadChannels(),
            "they must divide the channels where there is attention, " + channels);
      }
      if (attends && unet.getHeadChannels() == 0 && channels % unet.getAttentionHeads() != 0) {
        throw bad(
            "unet.attention_heads",
            unet.getAttentionHeads(),
            "heads must divide the channels where there is attention, " + channels);
      }
    }
  }

  private void condition() {
    GraphSpec.Condition condition = spec.getCondition();
    number("condition.classes", c -> c >= 0 && c <= 100_000, "0 (no labels) ... 100000");
    names("condition.class_names", condition.getClassNamesList(), condition.getClasses());
    int height = spec.getImage().getHeight();
    int width = spec.getImage().getWidth();
    number(
        "condition.upsampling",
        factor -> factor >= 1 && height % factor == 0 && width % factor == 0,
        "1 (no low-resolution image) and what divides " + height + " and " + width);
    number("condition.label_dropout", p -> p >= 0 && p < 1, "0 <= dropout < 1");
  }

  private void classifier() {
    GraphSpec.Classifier classifier = spec.getClassifier();
    number(
        "classifier.classes",
        c -> c == 0 || (c >= 2 && c <= 100_000),
        "0 (no classifier), 2 ... 100000");
    names("classifier.class_names", classifier.getClassNamesList(), classifier.getClasses());
    if (classifier.getClasses() > 0 && spec.getCondition().getClasses() > 0) {
      throw bad(
          "classifier.classes",
          classifier.getClasses(),
          "a classifier is told no labels, and condition.classes is "
              + spec.getCondition().getClasses()
              + "; allowed is one of the two above 0");
    }
  }

  private void names(String path, List<String> names, int classes) {
    if (!names.isEmpty() && names.size() != classes) {
      throw bad(
          path, Fields.show(names), "allowed is a name for each of the " + classes + " classes");
    }
  }

  private void diffusion() {
    number("diffusion.steps", n -> n >= 1 && n <= 100_000, "1 ... 100000");
    number("diffusion.beta_start", b -> b > 0 && b < 1, "0 < beta < 1");
    number("diffusion.beta_end", b -> b > 0 && b < 1, "0 < beta < 1");
    number("diffusion.sigma_min", s -> s > 0 && !Double.isInfinite(s), "finite numbers above 0");
    GraphSpec.Diffusion diffusion = spec.getDiffusion();
    number(
        "diffusion.sigma_max",
        s -> s > diffusion.getSigmaMin() && !Double.isInfinite(s),
        "finite numbers above diffusion.sigma_min, " + diffusion.getSigmaMin());
    number(
        "diffusion.min_snr_gamma", g -> g > 0 && !Double.isInfinite(g), "finite numbers above 0");
    double largest = Math.max(diffusion.getBetaStart(), diffusion.getBetaEnd());
    if (diffusion.getScaleBetas() && largest * 1000 / diffusion.getSteps() >= 1) {
      throw bad(
          "diffusion.scale_betas",
          true,
          "with beta up to " + largest + " allowed above " + (int) (1000 * largest) + " steps");
    }
    // A classifier has neither.
    if (spec.getClassifier().getClasses() == 0) {
      predictionAndLoss(diffusion);
    }
  }

  private void predictionAndLoss(GraphSpec.Diffusion diffusion) {
    boolean learns =
        diffusion.getVariance() == GraphSpec.Variance.LEARNED_RANGE
            || diffusion.getVariance() == GraphSpec.Variance.LEARNED_DIAGONAL;
    boolean trainsVariance =
        diffusion.getLoss() == GraphSpec.Loss.HYBRID || diffusion.getLoss() == GraphSpec.Loss.VLB;
    if (learns && !trainsVariance) {
      throw bad(
          "diffusion.loss",
          diffusion.getLoss(),
          "it does not train the variance "
              + diffusion.getVariance()
              + "; allowed are HYBRID, VLB");
    }
    if (!learns && diffusion.getLoss() == GraphSpec.Loss.HYBRID) {
      throw bad(
          "diffusion.variance",
          diffusion.getVariance(),
          "the loss HYBRID trains a variance; allowed are LEARNED_RANGE, LEARNED_DIAGONAL");
    }
    boolean endsInNoise =
        diffusion.getZeroTerminalSnr() || diffusion.getSchedule() == GraphSpec.Schedule.JSD;
    if (endsInNoise && diffusion.getPrediction() == GraphSpec.Prediction.EPSILON) {
      throw bad(
          "diffusion.prediction",
          diffusion.getPrediction(),
          "the last step is noise alone, which tells nothing of x_0; allowed are X0, V, MEAN");
    }
  }

  private void training() {
    atLeast("training.batch_size", 1);
    atLeast("training.steps", 1);
    number("training.learning_rate", r -> r > 0 && !Double.isInfinite(r), "finite numbers above 0");
    atLeast("training.warmup_steps", 0);
    number("training.adam_beta1", b -> b >= 0 && b < 1, "0 <= beta < 1");
    number("training.adam_beta2", b -> b >= 0 && b < 1, "0 <= beta < 1");
    number("training.adam_epsilon", e -> e > 0 && e < 1, "0 < epsilon < 1");
    number("training.clip_norm", c -> c >= 0, "numbers from 0 (no clipping)");
    number("training.ema_decay", d -> d >= 0 && d < 1, "0 <= decay < 1");
    atLeast("training.checkpoint_every", 1);
    atLeast("training.keep_checkpoints", 1);
    atLeast("training.sample_every", 0);
    atLeast("training.log_every", 1);
  }

  private void atLeast(String path, int least) {
    number(path, n -> n >= least, "whole numbers from " + least);
  }

  private void number(String path, Predicate<Double> allowed, String allowedInWords) {
    Object value = Fields.get(spec, Fields.find("validation", path));
    if (!allowed.test(((Number) value).doubleValue())) {
      throw bad(path, value, "allowed are " + allowedInWords);
    }
  }

  private static int levelsOf(int height, int width) {
    return 1
        + Math.min(Integer.numberOfTrailingZeros(height), Integer.numberOfTrailingZeros(width));
  }

  private BadInput bad(String path, Object value, String allowed) {
    return new BadInput(placeOf.apply(path) + path + " is " + value + ": " + allowed);
  }
}
