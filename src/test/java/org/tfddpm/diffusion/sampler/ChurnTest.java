package org.tfddpm.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Coefficients;
import org.tfddpm.diffusion.Doubles;
import org.tfddpm.diffusion.EpsilonPrediction;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.diffusion.ForwardProcess;
import org.tfddpm.diffusion.ReverseProcess;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.schedule.JsdSchedule;
import org.tfddpm.diffusion.schedule.LinearSchedule;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.Graphs;

class ChurnTest {
  private static final Schedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final Doubles EXACT = new Doubles(SCHEDULE);

  @Test
  void gammaIsThatOfKarrasAndOthers() {
    assertEquals(0.2, Churn.of(10, 50).gamma());
    assertEquals(Math.sqrt(2) - 1, Churn.of(80, 50).gamma());
  }

  @Test
  void withoutItTheSamplerIsItself() {
    assertSame(DdimSampler.DETERMINISTIC, Churn.NONE.before(DdimSampler.DETERMINISTIC));
  }

  @Test
  void theNoiseIsRaisedToTheNextLevelThereIs() {
    for (double gamma : new double[] {0.001, 0.05, Math.sqrt(2) - 1}) {
      Churn churn = new Churn(gamma, 0, Double.POSITIVE_INFINITY, 1);
      for (int t = 0; t < 1000; t++) {
        int tHat = churn.raised(SCHEDULE, t);
        double wanted = (1 + gamma) * EXACT.noise(t);
        assertTrue(tHat == 999 || EXACT.noise(tHat) >= wanted, t + " to " + tHat);
        assertTrue(tHat == t || EXACT.noise(tHat - 1) < wanted, t + " to " + tHat);
      }
      assertEquals(1, churn.raised(SCHEDULE, 0));
      assertEquals(999, churn.raised(SCHEDULE, 999));
    }
  }

  @Test
  void noiseIsAddedBetweenItsLimitsOnly() {
    Churn churn = new Churn(0.4, EXACT.noise(100), EXACT.noise(800), 1);
    assertEquals(99, churn.raised(SCHEDULE, 99));
    assertTrue(churn.raised(SCHEDULE, 100) > 100);
    assertTrue(churn.raised(SCHEDULE, 800) > 800);
    assertEquals(801, churn.raised(SCHEDULE, 801));
  }

  @Test
  void pureNoiseIsNeitherRaisedNorReached() {
    Churn churn = Churn.of(100, 1);
    Schedule jsd = JsdSchedule.of(10);
    assertEquals(8, churn.raised(jsd, 8));
    assertEquals(9, churn.raised(jsd, 9));
  }

  /** And the sampler is told where it begins. */
  @Test
  void stepsBeginWhereTheNoiseLeads() {
    Churn churn = new Churn(0.3, 0, Double.POSITIVE_INFINITY, 1.007);
    int[] t = {900, 500, 999, 0};
    float[] x = {0.5f, -1.5f, 1, 0.2f};
    float[] z = {1, -0.3f, 2, -0.7f};
    AtomicReference<Operand<TInt32>> from = new AtomicReference<>();
    Sampler whereItBegins =
        (p, at, step) -> {
          from.set(step.t());
          return new Sampler.Result(at, at, at);
        };
    float[] given = Graphs.run(tf -> step(tf, churn.before(whereItBegins), t, x, z).xPrev());
    float[] tHat =
        Graphs.run(
            tf -> {
              step(tf, churn.before(whereItBegins), t, x, z);
              return tf.dtypes.cast(from.get(), TFloat32.class);
            });
    float[] expected = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      expected[i] = churn.raised(SCHEDULE, t[i]);
      assertEquals(EXACT.raised(x[i], t[i], (int) expected[i], 1.007 * z[i]), given[i], 1e-6);
    }
    assertArrayEquals(expected, tHat);
  }

  private static Sampler.Result step(Ops tf, Sampler sampler, int[] t, float[] x, float[] z) {
    ForwardProcess q = new ForwardProcess(new Coefficients(tf, SCHEDULE));
    ReverseProcess p =
        new ReverseProcess(q, new EpsilonPrediction(), ReverseVariance.BETA, (at, s) -> at);
    Expr noise = new Expr(tf, tf.constantOf(Floats.tensor(z, z.length, 1, 1, 1)));
    Operand<TInt32> end = tf.constant(new int[] {-1, -1, -1, -1});
    return sampler.step(
        p,
        new Expr(tf, tf.constantOf(Floats.tensor(x, x.length, 1, 1, 1))),
        new Sampler.Step(tf.constant(t), end, () -> noise));
  }
}
