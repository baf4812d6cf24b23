package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.schedule.Schedule;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.TestSpecs;

/** The likelihood by the ODE, of networks. */
class LikelihoodTest {
  private static final int SIDE = 8;
  private static final int DIMENSION = SIDE * SIDE;
  private static final ConfigProto CONFIG = ConfigProto.getDefaultInstance();

  @TempDir Path folder;

  private StoredWeights trained(GraphSpec spec) throws IOException {
    return StoredWeights.read(
        TestRuns.train(folder, spec).checkpoints().latest(line -> {}), StoredWeights.Kind.LIVE);
  }

  /** v^T J v is what epsilonHat changes by along the signs v, times v. */
  @Test
  void theDivergenceIsThatOfTheNetworkAlongSigns() throws IOException {
    GraphSpec spec = TestRuns.fastLearning("diffusion.prediction=V");
    float[] x = new float[2 * DIMENSION];
    Random random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (StoredWeights weights = trained(spec);
        FlowNetwork network = new FlowNetwork(Model.of(spec), weights.byPath(), CONFIG)) {
      float[] signs = network.signs(3, 2);
      for (float sign : signs) {
        assertEquals(1, Math.abs(sign));
      }
      double h = 1e-2;
      float[] there = network.at(moved(x, signs, h), 3, 500).epsilonHat();
      float[] back = network.at(moved(x, signs, -h), 3, 500).epsilonHat();
      float[] given = network.at(x, 3, 500).divergence();
      for (int row = 0; row < 2; row++) {
        double expected = 0;
        for (int i = row * DIMENSION; i < (row + 1) * DIMENSION; i++) {
          expected += signs[i] * ((double) there[i] - back[i]) / 2 / h;
        }
        assertEquals(1, given[row] / expected, 0.01);
      }
      // Another image has signs of its own.
      assertTrue(
          !Arrays.equals(
              Arrays.copyOf(signs, DIMENSION), Arrays.copyOfRange(signs, DIMENSION, x.length)));
    }
  }

  private static float[] moved(float[] x, float[] along, double by) {
    float[] moved = x.clone();
    for (int i = 0; i < x.length; i++) {
      moved[i] += (float) (by * along[i]);
    }
    return moved;
  }

  /**
   * Where epsilonHat is 0, x_T is x_0's t = 0 state scaled to T: a Gaussian as wide as 1/alphaBar.
   * The last convolution begins at 0, and a step of this rate leaves it there.
   */
  @Test
  void withoutEpsilonItIsAGaussian() throws IOException {
    GraphSpec spec =
        TestSpecs.tiny(
            "training.steps=1", "training.learning_rate=1e-20", "training.warmup_steps=0");
    Model model = Model.of(spec);
    Schedule schedule = model.schedule();
    // 70 images, so that there are two batches.
    byte[] pixels = new byte[70 * DIMENSION];
    Arrays.fill(pixels, (byte) 200);
    Images images = new Images(pixels, SIDE, SIDE, 1);
    int[] tau = {10, 200, 900};
    try (StoredWeights weights = trained(spec)) {
      Likelihood given = Likelihood.of(model, weights.byPath(), images, tau, 5, n -> {}, CONFIG);
      double shrunk = schedule.alphaBar(900) / schedule.alphaBar(10);
      double noise = 1 - schedule.alphaBar(10);
      double signal = Math.sqrt(schedule.alphaBar(10)) * (200 / 127.5 - 1);
      // log q: -log(2 pi noise)/2 - 1/2 on average; log p: log(shrunk)/2 - log(2 pi)/2 - shrunk
      // x^2/2.
      double flow =
          -Math.log(noise) / 2
              - 0.5
              - Math.log(shrunk) / 2
              + shrunk * (signal * signal + noise) / 2;
      // The mean of 4,480 epsilon^2 has a standard deviation of 2 %.
      assertEquals(flow / Math.log(2), given.flow().mean(), 0.06);
      double error = Math.sqrt(2.0 / DIMENSION / 70) / 2 / Math.log(2);
      assertEquals(1, given.flow().deviation() / error, 0.4);
      Bound bound =
          Bound.of(model, weights.byPath(), images, new Bound.Chain(tau, null), 5, n -> {}, CONFIG);
      assertEquals(bound.decoder().bits(), given.decoder());
      assertEquals(given.flow().mean() + given.decoder().mean(), given.total().mean(), 1e-9);
    }
  }
}
