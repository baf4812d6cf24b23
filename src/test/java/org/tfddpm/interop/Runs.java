package org.tfddpm.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.diffusion.Expr;
import org.tfddpm.model.Conditions;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.FirstCheckpoint;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.run.StoredWeights.Kind;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Floats;

/** What runs hold. */
final class Runs {
  private Runs() {}

  /** A run of random weights. */
  static Path random(Path folder, GraphSpec spec) throws IOException {
    Random random = new Random(0);
    Map<String, TFloat32> weights = new LinkedHashMap<>();
    ModelSize.weights(Model.of(spec))
        .forEach(
            (path, shape) -> {
              float[] values = new float[(int) shape.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
              }
              weights.put(path, Floats.tensor(values, shape.asArray()));
            });
    FirstCheckpoint.write(RunDirectory.create(folder, spec), weights);
    return folder;
  }

  static Checkpoint latest(Path run) throws IOException {
    return RunDirectory.open(run)
        .checkpoints()
        .latest(
            broken -> {
              throw new AssertionError(broken);
            });
  }

  /** The weights of the latest checkpoint by path. */
  static Map<String, float[]> weights(Path run, Kind kind) throws IOException {
    Map<String, float[]> weights = new LinkedHashMap<>();
    try (StoredWeights stored = StoredWeights.read(latest(run), kind)) {
      stored.byPath().forEach((path, value) -> weights.put(path, Floats.of(value)));
    }
    return weights;
  }

  /** epsilonHat by the averaged weights of a run, [N,H,W,C]. */
  static float[] epsilon(Path run, TFloat32 x, TInt32 t) throws IOException {
    try (StoredWeights stored = StoredWeights.read(latest(run), Kind.AVERAGED);
        Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Expr epsilon =
          Model.of(RunDirectory.open(run).spec())
              .reverse(Net.inference(tf, new FrozenWeights(stored.byPath())), Conditions.NONE)
              .denoiser()
              .predict(new Expr(tf, tf.constantOf(x)), tf.constantOf(t));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(epsilon.asOutput()).run()) {
        return Floats.of(result.get(0));
      }
    }
  }
}
