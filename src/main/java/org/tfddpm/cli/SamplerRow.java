package org.tfddpm.cli;

import org.tfddpm.model.Model;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Settings;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.GraphSpec;

/** The rows of table 1 of Song et al. 2020 (arXiv:2010.02502). */
enum SamplerRow {
  ETA_0("eta 0.0", 0),
  ETA_02("eta 0.2", 0.2),
  ETA_05("eta 0.5", 0.5),
  ETA_1("eta 1.0", 1),
  /** Ancestral sampling with the larger variance, beta; with its own where that is learned. */
  SIGMA_HAT("sigmaHat", 1);

  private final String title;
  private final double eta;

  SamplerRow(String title, double eta) {
    this.title = title;
    this.eta = eta;
  }

  String title() {
    return title;
  }

  /** The model to sample from. */
  Model model(GraphSpec spec) {
    GraphSpec.Builder builder = spec.toBuilder();
    boolean fixed = spec.getDiffusion().getVariance() == GraphSpec.Variance.BETA_TILDE;
    if (this == SIGMA_HAT && fixed) {
      builder.getDiffusionBuilder().setVariance(GraphSpec.Variance.BETA);
    }
    return Model.of(builder.build());
  }

  /** How to sample from it. */
  ImageSampler.Options options(int steps, NamedSpacing spacing) {
    Method method =
        this == SIGMA_HAT ? Method.DDPM : this == ETA_0 ? Method.DDIM_DETERMINISTIC : Method.DDIM;
    return new ImageSampler.Options(
        method,
        spacing.of(steps),
        method == Method.DDPM ? 0 : eta,
        Settings.of(method),
        Wanted.ALL);
  }
}
