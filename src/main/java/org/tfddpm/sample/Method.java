package org.tfddpm.sample;

import org.tfddpm.diffusion.DdimSampler;
import org.tfddpm.diffusion.DdpmSampler;
import org.tfddpm.diffusion.DpmSolverSampler;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.HeunSampler;
import org.tfddpm.diffusion.Sampler;
import org.tfddpm.model.Model;

/** The samplers by name. */
public enum Method {
  /** DDIM with each row's eta. */
  DDIM {
    @Override
    Sampler sampler(Model model, Expr eta) {
      return DdimSampler.withEta(eta.perImage());
    }
  },

  /** DDIM with eta 0: nothing is random but where it begins. */
  DDIM_DETERMINISTIC {
    @Override
    Sampler sampler(Model model, Expr eta) {
      return DdimSampler.DETERMINISTIC;
    }
  },

  /** Ancestral sampling with the model's variance. */
  DDPM {
    @Override
    Sampler sampler(Model model, Expr eta) {
      return new DdpmSampler();
    }
  },

  /** Heun's method for the probability-flow ODE. */
  HEUN {
    @Override
    Sampler sampler(Model model, Expr eta) {
      return new HeunSampler();
    }
  },

  /** DPM-Solver++(2M) for the same. */
  DPMPP_2M {
    @Override
    Sampler sampler(Model model, Expr eta) {
      return new DpmSolverSampler();
    }

    @Override
    boolean remembers() {
      return true;
    }
  };

  /** Whether it goes by the step before. */
  boolean remembers() {
    return false;
  }

  /**
   * The sampler.
   *
   * @param eta [N]
   */
  abstract Sampler sampler(Model model, Expr eta);
}
