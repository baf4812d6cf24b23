package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.cli.Option;
import org.jspecify.annotations.Nullable;
import org.tfddpm.diffusion.AnalyticVariance;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.schedule.StepCost;
import org.tfddpm.diffusion.schedule.X0Variance;
import org.tfddpm.model.Model;
import org.tfddpm.run.Calibration;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;

/** The flag --variance. */
final class VarianceFlag {
  /** Its values. */
  enum Value {
    BETA,
    BETA_TILDE,
    ANALYTIC
  }

  private final Optional<Value> value;

  VarianceFlag(Flags flags) {
    value = flags.choice("variance", Value.class);
    boolean live =
        flags
            .choice("weights", StoredWeights.Kind.class)
            .equals(Optional.of(StoredWeights.Kind.LIVE));
    if (isAnalytic() && live) {
      throw new BadInput("--variance analytic: allowed with --weights averaged, not with live");
    }
  }

  /** Its description. */
  static Option option() {
    return flag(
        "variance",
        "NAME",
        "sigma^2 of ddpm and pc: beta, beta_tilde, or analytic, which ddim takes, too (default: the"
            + " model's)");
  }

  boolean isAnalytic() {
    return value.equals(Optional.of(Value.ANALYTIC));
  }

  /**
   * The variance that is asked for, for pictures; null for the model's.
   *
   * @throws BadInput if it is analytic and the checkpoint was not calibrated
   */
  @Nullable ReverseVariance forSamples(Optional<Calibration> calibration) {
    return of(calibration, AnalyticVariance::forSamples);
  }

  /** The same for likelihoods. */
  @Nullable ReverseVariance forLikelihood(Optional<Calibration> calibration) {
    return of(calibration, AnalyticVariance::forLikelihood);
  }

  private @Nullable ReverseVariance of(
      Optional<Calibration> calibration, Function<X0Variance, ReverseVariance> analytic) {
    if (value.isEmpty()) {
      return null;
    }
    return switch (value.get()) {
      case BETA -> ReverseVariance.BETA;
      case BETA_TILDE -> ReverseVariance.BETA_TILDE;
      case ANALYTIC -> analytic.apply(Calibrated.of(calibration, "--variance analytic"));
    };
  }

  /** What a step costs with the variance that is asked for, or the model's. */
  StepCost stepCost(Model model) {
    return value
        .map(asked -> StepCost.valueOf(asked.name()))
        .orElseGet(
            () ->
                switch (model.spec().getDiffusion().getVariance()) {
                  case BETA -> StepCost.BETA;
                  case BETA_TILDE -> StepCost.BETA_TILDE;
                  // A variance that was learned is to be the best one.
                  case LEARNED_RANGE, LEARNED_DIAGONAL -> StepCost.ANALYTIC;
                });
  }
}
