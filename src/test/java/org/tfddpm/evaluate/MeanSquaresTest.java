package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tfddpm.data.Source;
import org.tfddpm.model.Model;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.TestSpecs;

class MeanSquaresTest {
  /**
   * A network that has not begun to learn gives 0. Where it predicts v, epsilonHat is then
   * sqrt(1-alphaBar) x_t, whose mean square is known. The share of it that is missing at noisy
   * steps is far below the noise of so many samples: what differs from epsilon's own square shows
   * it.
   */
  @Test
  void isTheMeanSquareOfEpsilonHat(@TempDir Path folder) throws IOException {
    GraphSpec spec =
        TestSpecs.tiny(
            "training.learning_rate=1e-12", "training.steps=1", "diffusion.prediction=v");
    Model model = Model.of(spec);
    Checkpoint checkpoint =
        TestRuns.train(folder.resolve("run"), spec).checkpoints().latest(warning -> {});
    ConfigProto config = ConfigProto.getDefaultInstance();
    Examples examples =
        Examples.draw(Source.open("bundled:digits"), spec.getImage(), 400, warning -> {}, config);
    double square = 0;
    for (int batch = 0; batch < examples.batches(); batch++) {
      try (TFloat32 images = examples.images(batch)) {
        for (float value : Floats.of(images)) {
          square += (double) value * value / (400 * 64);
        }
      }
    }
    try (StoredWeights weights = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED);
        MeanSquares estimate = new MeanSquares(model, weights.byPath(), config)) {
      for (int t : new int[] {1, 100, 300, 500, 700, 800}) {
        double alphaBar = model.schedule().alphaBar(t);
        double expected = (1 - alphaBar) * (alphaBar * square + 1 - alphaBar);
        double given = estimate.estimate(examples, 0, t);
        assertEquals(expected, given, 0.03);
        if (t >= 500) {
          assertEquals(1, (1 - given) / (1 - expected), 0.3, "t " + t);
        }
      }
    }
  }
}
