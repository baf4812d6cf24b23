package org.tfddpm.sample;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.AnalyticVariance;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.Thresholding;
import org.tfddpm.diffusion.sampler.Churn;
import org.tfddpm.model.Model;

/**
 * What a method can be told beside eta, which each image has of its own.
 *
 * @param churn for EULER and HEUN
 * @param langevinSteps for LANGEVIN and PC: steps of Langevin dynamics at each level of noise, 1
 *     ... 100
 * @param snr for LANGEVIN and PC: the length of such a step, above 0 and below 1
 * @param thresholding what becomes of x0Hat, for all
 * @param guidanceRescale phi of classifier-free guidance, 0 (none) ... 1
 * @param guide a classifier that leads the way; null for none
 * @param variance of ancestral steps, and of DDIM's where it is analytic; null for the model's
 */
public record Settings(
    Churn churn,
    int langevinSteps,
    double snr,
    Thresholding thresholding,
    double guidanceRescale,
    @Nullable Guide guide,
    @Nullable ReverseVariance variance) {
  /** Without rescaling of guidance or a guide, with the model's variance. */
  public Settings(Churn churn, int langevinSteps, double snr, Thresholding thresholding) {
    this(churn, langevinSteps, snr, thresholding, 0, null, null);
  }

  /** Most steps of Langevin dynamics at a level: each takes noise of its own of what there is. */
  public static final int MOST_LANGEVIN_STEPS = 100;

  /**
   * Checks the number of steps.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public Settings {
    if (langevinSteps < 1 || langevinSteps > MOST_LANGEVIN_STEPS) {
      throw new IllegalArgumentException(
          langevinSteps + " Langevin steps: allowed are 1 ... " + MOST_LANGEVIN_STEPS);
    }
  }

  /** The same, led by a guide. */
  Settings with(Guide other) {
    return new Settings(churn, langevinSteps, snr, thresholding, guidanceRescale, other, variance);
  }

  /** The same with another variance. */
  public Settings with(ReverseVariance other) {
    return new Settings(churn, langevinSteps, snr, thresholding, guidanceRescale, guide, other);
  }

  /** The classes of the labels of a model's pictures; 0 if they have none. */
  int classes(Model model) {
    return guide != null && model.classes() == 0 ? guide.model().classes() : model.classes();
  }

  /**
   * The process as these ask for it.
   *
   * @param label of each row; null exactly if its pictures have none
   */
  ReverseProcess applyTo(ReverseProcess process, @Nullable Operand<TInt32> label) {
    ReverseProcess treated = process.with(thresholding);
    if (guide != null && label != null) {
      treated = guide.lead(treated, label);
    }
    return variance == null ? treated : treated.withVariance(variance);
  }

  /** The variance, if it is analytic. */
  @Nullable AnalyticVariance analytic() {
    return variance instanceof AnalyticVariance analytic ? analytic : null;
  }

  /** What the method's paper has. */
  public static Settings of(Method method) {
    return switch (method) {
      case DDPM -> new Settings(Churn.NONE, 1, 0, Thresholding.STATIC);
      // Song & Ermon 2019 have 10 levels with 100 steps each; here there are more levels.
      case LANGEVIN -> new Settings(Churn.NONE, 10, 0.22, Thresholding.NONE);
      case PC -> new Settings(Churn.NONE, 1, 0.16, Thresholding.NONE);
      default -> new Settings(Churn.NONE, 1, 0, Thresholding.NONE);
    };
  }
}
