package org.tfddpm.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.spec.GraphSpec;

/** A checkpoint of the program of Ho et al. 2020, which says nothing of the network it is of. */
public final class Tf1Checkpoint {
  private final Path prefix;
  private final Naming naming;
  private final Map<String, Shape> shapes;

  /**
   * Reads the checkpoint's index.
   *
   * @param prefix of its files
   * @param averaged whether the averages are meant or the weights themselves
   * @throws org.tfddpm.spec.BadInput if there is no such checkpoint
   */
  public Tf1Checkpoint(Path prefix, boolean averaged) throws IOException {
    this.prefix = prefix;
    this.naming = new Tf1Naming(averaged);
    this.shapes = Bundle.shapes(prefix);
  }

  /**
   * Makes it a run.
   *
   * @param spec of the network that it is of
   * @throws org.tfddpm.spec.BadInput if it is of another network
   */
  public void importTo(Path run, GraphSpec spec) throws IOException {
    try (TensorFiles files = new Bundle(prefix, shapes);
        ForeignWeights weights =
            new ForeignWeights(files, naming, ModelSize.weights(Model.of(spec)))) {
      ImportedRun.write(run, spec, weights.byPath());
    }
  }
}
