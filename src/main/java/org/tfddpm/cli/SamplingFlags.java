package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;
import org.jspecify.annotations.Nullable;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.sampler.Churn;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Calibration;
import org.tfddpm.sample.Guide;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Settings;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.BadInput;

/** The flags that say how to get from noise to a picture. */
final class SamplingFlags {
  private static final double DEFAULT_PERCENTILE = 0.995;

  private final Flags flags;
  private final LabelFlags labels;
  private final GuideFlags guide;
  private final VarianceFlag variance;
  private final Set<SamplerName> allowed;
  private final SamplerName sampler;
  private final double eta;
  private final double churn;
  private final Settings settings;
  private final SpacingFlags timeSteps;

  /** Values of --sampler, the names of methods. */
  enum SamplerName {
    DDIM,
    DDPM,
    EULER,
    HEUN,
    DPMPP_2M,
    DPMPP_3M,
    LANGEVIN,
    PC
  }

  /** Values of --x0. */
  private enum X0 {
    KEEP,
    CLIP,
    DYNAMIC
  }

  /** Their descriptions. */
  static List<Option> options() {
    List<Option> all = new ArrayList<>();
    all.add(sampler(EnumSet.allOf(SamplerName.class), SamplerName.DDIM));
    all.addAll(GuideFlags.options());
    all.addAll(SpacingFlags.options());
    all.addAll(
        List.of(
            flag("eta", "E", "randomness of ddim, 0 ... 1 (default 0)"),
            VarianceFlag.option(),
            flag(
                "churn", "C", "randomness of euler and heun: S_churn of Karras et al. (default 0)"),
            flag(
                "langevin-steps",
                "N",
                "steps of langevin (default 10) or pc's corrector (default 1) at each time step, 1 ... "
                    + Settings.MOST_LANGEVIN_STEPS),
            flag(
                "snr",
                "R",
                "length of these steps, 0 ... 1 (default 0.22 of langevin, 0.16 of pc)"),
            flag(
                "x0",
                "keep|clip|dynamic",
                "estimates outside the range of pictures on the way (default keep, clip of ddpm)"),
            flag("percentile", "P", "what dynamic takes for the range, 0 ... 1 (default 0.995)")));
    return all;
  }

  /** The description of --sampler, of which these are allowed. */
  static Option sampler(Set<SamplerName> allowed, SamplerName usual) {
    return flag("sampler", "NAME", names(allowed) + " (default " + name(usual) + ")");
  }

  /**
   * Checks all that can be without the model.
   *
   * @throws BadInput if a value is out of range, or given with a sampler that has no use for it
   */
  SamplingFlags(Flags flags) {
    this(flags, EnumSet.allOf(SamplerName.class), SamplerName.DDIM);
  }

  /**
   * The same, for a command that allows some samplers only.
   *
   * @param byDefault the one where none is asked for
   */
  SamplingFlags(Flags flags, Set<SamplerName> allowed, SamplerName byDefault) {
    this.flags = flags;
    this.labels = new LabelFlags(flags);
    this.guide = new GuideFlags(flags);
    this.variance = new VarianceFlag(flags);
    this.allowed = allowed;
    sampler = flags.choice("sampler", allowed).orElse(byDefault);
    only("eta", EnumSet.of(SamplerName.DDIM));
    only(
        "variance",
        variance.isAnalytic()
            ? EnumSet.of(SamplerName.DDIM, SamplerName.DDPM, SamplerName.PC)
            : EnumSet.of(SamplerName.DDPM, SamplerName.PC));
    only("churn", EnumSet.of(SamplerName.EULER, SamplerName.HEUN));
    only("langevin-steps", EnumSet.of(SamplerName.LANGEVIN, SamplerName.PC));
    only("snr", EnumSet.of(SamplerName.LANGEVIN, SamplerName.PC));
    eta = flags.number("eta", 0, 1).orElse(0.0);
    churn = flags.number("churn", 0, Integer.MAX_VALUE).orElse(0.0);
    Settings usual = Settings.of(method());
    long langevinSteps =
        flags
            .integer("langevin-steps", 1, Settings.MOST_LANGEVIN_STEPS)
            .orElse((long) usual.langevinSteps());
    double snr = flags.number("snr", 0, 1).orElse(usual.snr());
    settings =
        new Settings(Churn.NONE, (int) langevinSteps, snr, thresholding(usual.thresholding()));
    timeSteps = new SpacingFlags(flags);
  }

  /**
   * How to sample from a model.
   *
   * @throws BadInput if it has too few time steps, or not the class or variance that is asked for
   */
  ImageSampler.Options options(Model model, TrainedModel trained) {
    Guide guided = guide.of(model, trained.classifier());
    return options(model, trained.calibration(), guided, labels.wanted(model, guided));
  }

  /** The same of these classes, for a command that guides by no classifier. */
  ImageSampler.Options options(Model model, TrainedModel trained, Wanted wanted) {
    return options(model, trained.calibration(), null, wanted);
  }

  private ImageSampler.Options options(
      Model model, Optional<Calibration> calibration, @Nullable Guide guided, Wanted wanted) {
    int steps = timeSteps.count(model.schedule());
    Settings all =
        new Settings(
            Churn.of(churn, steps),
            settings.langevinSteps(),
            settings.snr(),
            settings.thresholding(),
            labels.rescale(),
            guided,
            variance.forSamples(calibration));
    Spacing spacing =
        timeSteps.isForLikelihood()
            ? Spacing.likelihood(
                steps,
                Calibrated.of(calibration, "--spacing " + SpacingFlags.LIKELIHOOD),
                variance.stepCost(model))
            : timeSteps.spacing(steps);
    return new ImageSampler.Options(method(), spacing, eta, all, wanted);
  }

  /** The variance that is asked for as likelihoods take it; null for the model's. */
  @Nullable ReverseVariance likelihoodVariance(Optional<Calibration> calibration) {
    return variance.forLikelihood(calibration);
  }

  private Method method() {
    return sampler == SamplerName.DDIM && eta == 0 && !variance.isAnalytic()
        ? Method.DDIM_DETERMINISTIC
        : Method.valueOf(sampler.name());
  }

  private void only(String flag, Set<SamplerName> having) {
    Set<SamplerName> samplers = EnumSet.copyOf(having);
    samplers.retainAll(allowed);
    if (flags.has(flag) && !samplers.contains(sampler)) {
      throw new BadInput(
          "--"
              + flag
              + " "
              + flags.text(flag).orElse("")
              + ": allowed with --sampler "
              + names(samplers)
              + ", not with "
              + name(sampler));
    }
  }

  private Thresholding thresholding(Thresholding usual) {
    Optional<X0> x0 = flags.choice("x0", X0.class);
    if (flags.has("percentile") && !x0.equals(Optional.of(X0.DYNAMIC))) {
      throw new BadInput(
          "--percentile " + flags.text("percentile").orElse("") + ": allowed with --x0 dynamic");
    }
    double percentile = flags.number("percentile", 0, 1).orElse(DEFAULT_PERCENTILE);
    return x0.map(
            choice ->
                switch (choice) {
                  case KEEP -> Thresholding.NONE;
                  case CLIP -> Thresholding.STATIC;
                  case DYNAMIC -> Thresholding.dynamic(percentile);
                })
        .orElse(usual);
  }

  private static String names(Set<SamplerName> samplers) {
    return samplers.stream().map(SamplingFlags::name).collect(Collectors.joining(", "));
  }

  private static String name(SamplerName sampler) {
    return sampler.name().toLowerCase(Locale.ROOT);
  }
}
