package org.tfddpm.diffusion.schedule;

/**
 * What the step from t to tPrev &gt;= 0 adds to the variational bound, by the variance of the
 * reverse process: the KL divergence of q(x_tPrev|x_t,x_0) from p(x_tPrev|x_t) (Ho et al. 2020, eq.
 * 5), which is known without the network once the mean square c_t that x0Hat misses is:
 *
 * <p>KL = (log(sigma^2/betaTilde) + (betaTilde + a^2 c_t)/sigma^2 - 1) / 2, a the coefficient of
 * x_0 in the posterior's mean.
 *
 * <p>With r = noiseToSignal_tPrev/noiseToSignal_t: betaTilde = (1-alphaBar_tPrev)(1-r), beta =
 * (1-alphaBar_t)(1-r), a^2 = alphaBar_tPrev (1-r)^2.
 */
public enum StepCost {
  /** Of sigma^2 = beta. */
  BETA {
    @Override
    double nats(Schedule schedule, int t, int tPrev, double missed) {
      double wider = (1 - schedule.alphaBar(t)) / (1 - schedule.alphaBar(tPrev));
      return (Math.log(wider) + (1 + missed) / wider - 1) / 2;
    }
  },

  /** Of sigma^2 = betaTilde. */
  BETA_TILDE {
    @Override
    double nats(Schedule schedule, int t, int tPrev, double missed) {
      return missed / 2;
    }
  },

  /** Of the best sigma^2, betaTilde + a^2 c_t (Bao et al. 2022, theorem 3). */
  ANALYTIC {
    @Override
    double nats(Schedule schedule, int t, int tPrev, double missed) {
      return Math.log1p(missed) / 2;
    }
  };

  /**
   * Nats per dimension.
   *
   * @param missed a^2 c_t / betaTilde
   */
  abstract double nats(Schedule schedule, int t, int tPrev, double missed);

  /** Nats per dimension of the step from t to tPrev, 0 &lt;= tPrev &lt; t. */
  double of(Schedule schedule, X0Variance c, int t, int tPrev) {
    double below = schedule.noiseToSignal(tPrev);
    double rest = 1 - below / schedule.noiseToSignal(t);
    return nats(schedule, t, tPrev, rest * c.at(schedule, t) / below);
  }
}
