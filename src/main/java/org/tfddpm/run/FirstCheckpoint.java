package org.tfddpm.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * The checkpoint of a run that begins with weights from elsewhere: of step 0, the averages equal to
 * the weights, the optimizer's moments 0.
 */
public final class FirstCheckpoint {
  private FirstCheckpoint() {}

  /**
   * Writes it.
   *
   * @param weights all that the run's network asks for, by path
   * @throws BadInput if training the run takes more than weights and moments
   */
  public static void write(RunDirectory run, Map<String, TFloat32> weights) throws IOException {
    GraphSpec.TimeSampling times = run.spec().getDiffusion().getTimeSampling();
    if (times == GraphSpec.TimeSampling.LOSS_SECOND_MOMENT) {
      throw new BadInput(
          "diffusion.time_sampling is "
              + times
              + ": it goes by losses that imported weights do not have; allowed are UNIFORM,"
              + " ANTITHETIC");
    }
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Map<String, Placeholder<TFloat32>> fed = new LinkedHashMap<>();
      Map<String, Operand<?>> tensors = new LinkedHashMap<>();
      tensors.put("step", tf.constant(0L));
      weights.forEach(
          (path, value) -> {
            Placeholder<TFloat32> weight =
                tf.placeholder(TFloat32.class, Placeholder.shape(value.shape()));
            Operand<TFloat32> zeros =
                tf.fill(tf.constant(value.shape().asArray()), tf.constant(0f));
            fed.put(path, weight);
            tensors.put("live/" + path, weight);
            tensors.put("averaged/" + path, weight);
            tensors.put("adam_m/" + path, zeros);
            tensors.put("adam_v/" + path, zeros);
          });
      CheckpointInfo.Builder info = CheckpointInfo.newBuilder().setStep(0).setSpec(run.spec());
      tensors.forEach((name, value) -> info.addTensors(stored(name, value.shape())));
      run.checkpoints()
          .write(
              info.build(),
              prefix -> {
                Op save = save(tf, prefix, tensors);
                try (Session session = new Session(graph)) {
                  Session.Runner runner = session.runner().addTarget(save);
                  fed.forEach((path, weight) -> runner.feed(weight, weights.get(path)));
                  runner.run().close();
                }
              },
              1);
    }
  }

  private static Op save(Ops tf, String prefix, Map<String, Operand<?>> tensors) {
    List<Operand<?>> values = new ArrayList<>(tensors.values());
    return tf.train.save(
        tf.constant(prefix),
        tf.array(tensors.keySet().toArray(String[]::new)),
        tf.array(values.stream().map(v -> "").toArray(String[]::new)),
        values);
  }

  private static CheckpointInfo.StoredTensor stored(String name, Shape shape) {
    CheckpointInfo.StoredTensor.Builder tensor =
        CheckpointInfo.StoredTensor.newBuilder().setName(name);
    for (long size : shape.asArray()) {
      tensor.addShape(size);
    }
    return tensor.build();
  }
}
