package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.diffusion.ReverseVariance;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.TestSpecs;

/** The bound and the reconstruction of a network that says epsilon = 0, known in closed form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundTest {
  private static final int SIDE = 8;
  private static final double LN2 = Math.log(2);

  private Model model = Model.of(TestSpecs.tiny());
  private StoredWeights weights;

  /** The last convolution begins at 0, and a step of this rate leaves it there. */
  @BeforeAll
  void barelyTrain(@TempDir Path folder) throws IOException {
    GraphSpec spec =
        TestSpecs.tiny(
            "training.steps=1", "training.learning_rate=1e-20", "training.warmup_steps=0");
    model = Model.of(spec);
    weights =
        StoredWeights.read(
            TestRuns.train(folder, spec).checkpoints().latest(line -> {}), StoredWeights.Kind.LIVE);
  }

  @AfterAll
  void close() {
    weights.close();
  }

  private static Images plain(int count, int value) {
    byte[] pixels = new byte[count * SIDE * SIDE];
    java.util.Arrays.fill(pixels, (byte) value);
    return new Images(pixels, SIDE, SIDE, 1);
  }

  private Bound bound(Images images, int... tau) {
    return bound(images, new Bound.Chain(tau, null));
  }

  private Bound bound(Images images, Bound.Chain chain) {
    Map<String, TFloat32> byPath = weights.byPath();
    return Bound.of(model, byPath, images, chain, 0, done -> {}, ConfigProto.getDefaultInstance());
  }

  @Test
  void thePriorIsThatOfTheFixture() {
    // A mean square of 0.27 has 7.86e-06 bits per dimension; 194 is 0.5216, squared 0.2720.
    Bound bound = bound(plain(2, 194), 999);
    assertEquals(7.86e-6 * 0.2720 / 0.27, bound.prior().mean(), 0.01e-6);
    assertEquals(0, bound.prior().deviation(), 1e-12);
  }

  @Test
  void theTermsAreThoseOfTheEquations() {
    termsAreThoseOfTheEquations(null, (beta, betaTilde) -> beta);
    termsAreThoseOfTheEquations(ReverseVariance.BETA_TILDE, (beta, betaTilde) -> betaTilde);
  }

  private void termsAreThoseOfTheEquations(
      @Nullable ReverseVariance variance, DoubleBinaryOperator which) {
    int[] tau = {0, 3, 10, 30, 60};
    // Grey, so that x0Hat is not clipped.
    Bound bound = bound(plain(150, 128), new Bound.Chain(tau, variance));
    assertEquals(tau.length, bound.steps().size());
    Schedule schedule = model.schedule();
    // KL(N(sqrt(a) x_0, 1 - a) || N(0,1)) where the chain begins.
    double a = schedule.alphaBar(60);
    double grey = 128 / 127.5 - 1;
    double kLofStart = (a * grey * grey - a - Math.log(1 - a)) / 2 / LN2;
    assertEquals(1, bound.prior().mean() / kLofStart, 1e-4);
    double rate = bound.prior().mean();
    for (int i = 0; i + 1 < tau.length; i++) {
      Bound.Step step = bound.steps().get(i);
      int t = tau[tau.length - 1 - i];
      int tPrev = tau[tau.length - 2 - i];
      assertEquals(List.of(t, tPrev), List.of(step.t(), step.tPrev()));
      double alphaBar = schedule.alphaBar(t);
      double alphaBarPrev = schedule.alphaBar(tPrev);
      double beta = 1 - alphaBar / alphaBarPrev;
      double betaTilde = (1 - alphaBarPrev) / (1 - alphaBar) * beta;
      // x0Hat = x_t / sqrt(alphaBar) misses x_0 by epsilon sqrt((1-alphaBar)/alphaBar).
      double missed = (1 - alphaBar) / alphaBar;
      double coefficient = Math.sqrt(alphaBarPrev) * beta / (1 - alphaBar);
      double apart = coefficient * coefficient * missed;
      double sigma2 = which.applyAsDouble(beta, betaTilde);
      double kl = Math.log(sigma2 / betaTilde) + (betaTilde + apart) / sigma2 - 1;
      // The mean of 9,600 epsilon^2 has a standard deviation of 1.4 %.
      assertEquals(kl / 2 / LN2, step.bits().mean(), 0.05 * kl / 2 / LN2);
      assertEquals(127.5 * Math.sqrt(missed), step.distortion(), 0.03 * step.distortion());
      assertEquals(rate, step.rate(), 1e-12);
      // epsilon^2 of 64 pixels has the standard error sqrt(2/64/150).
      double error = apart / sigma2 / 2 / LN2 * Math.sqrt(2.0 / 64 / 150);
      assertEquals(1, step.bits().deviation() / error, 0.25);
      rate += step.bits().mean();
    }
    assertEquals(-1, bound.decoder().tPrev());
    assertEquals(rate, bound.decoder().rate(), 1e-12);
    assertEquals(rate + bound.decoder().bits().mean(), bound.total().mean(), 1e-6);
  }

  @Test
  void anImageHasItsOwnNoiseWhateverTheBatch() {
    Bound many = bound(plain(130, 100), 5, 50);
    Bound again = bound(plain(130, 100), 5, 50);
    assertEquals(many, again);
    // Images of the same pixels differ by their noise, in the second batch too.
    assertTrue(many.steps().get(0).bits().deviation() > 0);
  }

  @Test
  void withoutEpsilonNothingIsLostOnTheWay() {
    for (int steps : new int[] {1, 10}) {
      Estimate error =
          Reconstruction.error(
              model,
              weights.byPath(),
              plain(3, 60),
              Spacing.uniform(steps).timesteps(model.schedule()),
              done -> {},
              ConfigProto.getDefaultInstance());
      assertEquals(0, error.mean(), 1e-9);
    }
  }

  @Test
  void moreStepsReconstructBetter(@TempDir Path folder) throws IOException {
    GraphSpec spec = TestRuns.fastLearning();
    try (StoredWeights trained =
        StoredWeights.read(
            TestRuns.train(folder, spec).checkpoints().latest(line -> {}),
            StoredWeights.Kind.LIVE)) {
      byte[] pixels = new byte[3 * SIDE * SIDE];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (i * 7);
      }
      double before = Double.POSITIVE_INFINITY;
      for (int steps : new int[] {10, 200}) {
        double error =
            Reconstruction.error(
                    Model.of(spec),
                    trained.byPath(),
                    new Images(pixels, SIDE, SIDE, 1),
                    Spacing.uniform(steps).timesteps(model.schedule()),
                    done -> {},
                    ConfigProto.getDefaultInstance())
                .mean();
        assertTrue(error < before / 4, steps + " steps: " + error + " after " + before);
        before = error;
      }
    }
  }
}
