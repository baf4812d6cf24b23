package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import org.tfddpm.run.StoredWeights.Kind;
import org.tfddpm.testing.Floats;

class StoredWeightsTest {
  private static final Map<String, float[]> VARIABLES = new LinkedHashMap<>();

  static {
    VARIABLES.put("live/conv.kernel", new float[] {1, 2, 3, 4, 5, 6});
    VARIABLES.put("live/conv.bias", new float[] {-0f, 1f / 3});
    VARIABLES.put("averaged/conv.kernel", new float[] {10, 20, 30, 40, 50, 60});
    VARIABLES.put("averaged/conv.bias", new float[] {0.5f, Float.MIN_VALUE});
    VARIABLES.put("adam_m/conv.kernel", new float[] {7, 7, 7, 7, 7, 7});
    VARIABLES.put("live_too/conv.kernel", new float[] {8});
  }

  @TempDir Path run;

  @Test
  void readsTheWeightsOfACheckpointByPath() throws IOException {
    Checkpoints checkpoints = new Checkpoints(run.resolve("checkpoints"));
    write(checkpoints);
    for (Kind kind : Kind.values()) {
      String folder = kind == Kind.LIVE ? "live/" : "averaged/";
      try (StoredWeights weights = StoredWeights.read(checkpoints.open(7), kind)) {
        assertEquals(List.of("conv.kernel", "conv.bias"), List.copyOf(weights.byPath().keySet()));
        weights
            .byPath()
            .forEach((path, tensor) -> assertArrayEquals(values(folder + path), Floats.of(tensor)));
        TFloat32 kernel = Objects.requireNonNull(weights.byPath().get("conv.kernel"));
        assertEquals(Shape.of(3, 2), kernel.shape());
      }
    }
  }

  @Test
  void fetchesTheWeightsOfASession() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> a = tf.constant(new float[] {1, 2});
      Operand<TFloat32> b = tf.constant(new float[] {3});
      try (Session session = new Session(graph);
          StoredWeights weights =
              StoredWeights.fetch(session, List.of("a.bias", "b.bias"), List.of(a, b))) {
        assertEquals(List.of("a.bias", "b.bias"), List.copyOf(weights.byPath().keySet()));
        assertArrayEquals(
            new float[] {1, 2}, Floats.of(Objects.requireNonNull(weights.byPath().get("a.bias"))));
        assertArrayEquals(
            new float[] {3}, Floats.of(Objects.requireNonNull(weights.byPath().get("b.bias"))));
      }
    }
  }

  private static void write(Checkpoints checkpoints) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Ops init = tf.withInitScope();
      List<Saver.Entry> entries = new ArrayList<>();
      VARIABLES.forEach(
          (name, values) -> {
            Shape shape =
                name.endsWith("kernel") && values.length == 6
                    ? Shape.of(3, 2)
                    : Shape.of(values.length);
            Operand<? extends TType> handle =
                tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
            try (TFloat32 value = Floats.tensor(values, shape.asArray())) {
              init.assignVariableOp(handle, init.constantOf(value));
            }
            entries.add(new Saver.Entry(name, handle, tf.readVariableOp(handle, TFloat32.class)));
          });
      Saver saver = new Saver(tf, entries);
      try (Session session = new Session(graph)) {
        CheckpointInfo info =
            CheckpointInfo.newBuilder().setStep(7).addAllTensors(saver.tensors()).build();
        checkpoints.write(info, prefix -> saver.write(session, prefix), 1);
      }
    }
  }

  private static float[] values(String name) {
    return Objects.requireNonNull(VARIABLES.get(name), name);
  }
}
