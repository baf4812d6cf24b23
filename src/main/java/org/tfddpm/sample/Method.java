package org.tfddpm.sample;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.tensorflow.op.Ops;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.sampler.AnnealedLangevinSampler;
import org.tfddpm.diffusion.sampler.DdimInversion;
import org.tfddpm.diffusion.sampler.DdimSampler;
import org.tfddpm.diffusion.sampler.DdpmSampler;
import org.tfddpm.diffusion.sampler.DpmSolver3Sampler;
import org.tfddpm.diffusion.sampler.DpmSolverSampler;
import org.tfddpm.diffusion.sampler.HeunSampler;
import org.tfddpm.diffusion.sampler.PredictorCorrectorSampler;
import org.tfddpm.diffusion.sampler.Sampler;
import org.tfddpm.diffusion.sampler.SamplerByRow;
import org.tfddpm.model.Model;

/** The samplers by name. */
public enum Method {
  /** DDIM with each row's eta. */
  DDIM,

  /** DDIM with eta 0: nothing is random but where it begins. */
  DDIM_DETERMINISTIC,

  /** The same in either direction: from pictures to noise, too. */
  DDIM_BOTH_WAYS,

  /** Ancestral sampling with the model's variance. */
  DDPM,

  /** Euler's method for the probability-flow ODE: DDIM with eta 0, with churn. */
  EULER,

  /** Heun's method for the same, with churn. */
  HEUN,

  /** Heun's method without churn in either direction. */
  HEUN_BOTH_WAYS,

  /** DPM-Solver++(2M) for the same. */
  DPMPP_2M,

  /** DPM-Solver++(3M) for the same. */
  DPMPP_3M,

  /** Annealed Langevin dynamics. */
  LANGEVIN,

  /** Ancestral sampling, corrected by Langevin dynamics. */
  PC,

  /** What each row's number says: the place of one of {@link OfRow} in their order. */
  BY_ROW;

  /** What a row can go by: DDIM with its eta, the same with its noise's variance analytic, 2M. */
  public enum OfRow {
    DDIM,
    ANALYTIC,
    DPMPP_2M;

    /** What {@link Rows#sampler} has for it. */
    public float number() {
      return List.of(values()).indexOf(this);
    }
  }

  /**
   * The same from pictures to noise.
   *
   * @throws IllegalArgumentException if it takes noise itself, or there is none
   */
  public Method upward() {
    return switch (this) {
      case DDIM_DETERMINISTIC -> DDIM_BOTH_WAYS;
      case HEUN -> HEUN_BOTH_WAYS;
      default -> throw new IllegalArgumentException(this + " leads to pictures only");
    };
  }

  /** How many steps before it goes by. */
  int remembers() {
    return switch (this) {
      case DPMPP_2M, BY_ROW -> 1;
      case DPMPP_3M -> 2;
      default -> 0;
    };
  }

  /** How many of its steps begin at each time step; all but the last of them stay there. */
  int stepsAtEach(Settings settings) {
    return switch (this) {
      case LANGEVIN -> settings.langevinSteps();
      case PC -> settings.langevinSteps() + 1;
      default -> 1;
    };
  }

  /** The sampler of rows. */
  Sampler sampler(Ops tf, Model model, Rows rows, Settings settings) {
    Expr eta = new Expr(tf, rows.eta());
    return switch (this) {
      case DDIM -> DdimSampler.withEta(eta.perImage(), settings.analytic());
      case DDIM_DETERMINISTIC -> DdimSampler.DETERMINISTIC;
      case DDIM_BOTH_WAYS -> DdimInversion.SAMPLER;
      case DDPM -> new DdpmSampler();
      case EULER -> settings.churn().before(DdimSampler.DETERMINISTIC);
      case HEUN -> settings.churn().before(new HeunSampler(DdimSampler.DETERMINISTIC));
      case HEUN_BOTH_WAYS -> new HeunSampler(DdimInversion.SAMPLER);
      case DPMPP_2M -> new DpmSolverSampler();
      case DPMPP_3M -> new DpmSolver3Sampler();
      case LANGEVIN -> new AnnealedLangevinSampler(settings.snr());
      case BY_ROW -> byRow(tf, rows, settings);
      case PC -> new PredictorCorrectorSampler(new DdpmSampler(), settings.snr());
    };
  }

  private static Sampler byRow(Ops tf, Rows rows, Settings settings) {
    Expr eta = new Expr(tf, rows.eta()).perImage();
    List<Sampler> samplers =
        Arrays.stream(OfRow.values())
            .map(
                each ->
                    switch (each) {
                      case DDIM -> DdimSampler.withEta(eta);
                      case ANALYTIC -> DdimSampler.withEta(eta, settings.analytic());
                      case DPMPP_2M -> new DpmSolverSampler();
                    })
            .toList();
    return new SamplerByRow(new Expr(tf, Objects.requireNonNull(rows.sampler())), samplers);
  }
}
