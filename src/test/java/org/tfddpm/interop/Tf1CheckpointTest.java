package org.tfddpm.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tfddpm.interop.Published.Tensor;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.run.StoredWeights.Kind;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.BadInputs;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestSpecs;

class Tf1CheckpointTest {
  private static final String AVERAGE = "/ExponentialMovingAverage";

  @TempDir Path folder;
  private final GraphSpec spec = TestSpecs.tiny();

  /** Read off the original program. */
  @ParameterizedTest
  @CsvSource({
    "conv_in.kernel, conv_in/W",
    "time.dense_0.kernel, temb/dense0/W",
    "time.dense_1.bias, temb/dense1/b",
    "down_0.block_1.norm_0.gamma, down_0/block_1/norm1/gamma",
    "down_0.block_1.conv_0.kernel, down_0/block_1/conv1/W",
    "down_2.block_0.time.bias, down_2/block_0/temb_proj/b",
    "down_2.block_0.norm_1.beta, down_2/block_0/norm2/beta",
    "down_2.block_0.conv_1.bias, down_2/block_0/conv2/b",
    "down_2.block_0.shortcut.kernel, down_2/block_0/nin_shortcut/W",
    "down_1.attention_1.norm.gamma, down_1/attn_1/norm/gamma",
    "down_1.attention_1.q.kernel, down_1/attn_1/q/W",
    "down_1.attention_1.out.bias, down_1/attn_1/proj_out/b",
    "down_1.downsample.kernel, down_1/downsample/conv/W",
    "middle.block_0.conv_0.kernel, mid/block_1/conv1/W",
    "middle.attention.v.kernel, mid/attn_1/v/W",
    "middle.block_1.time.kernel, mid/block_2/temb_proj/W",
    "up_3.block_2.conv_1.kernel, up_3/block_2/conv2/W",
    "up_3.upsample.bias, up_3/upsample/conv/b",
    "norm_out.beta, norm_out/beta",
    "conv_out.bias, conv_out/b",
  })
  void namesAreTheOriginals(String path, String name) {
    assertEquals(List.of("model/" + name), new Tf1Naming(false).names(path));
    assertEquals(List.of("model/" + name + AVERAGE), new Tf1Naming(true).names(path));
  }

  /** What the original leaves: weights, averages other than the weights, moments, the step. */
  private Map<String, Tensor> original() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Tf1Naming naming = new Tf1Naming(false);
    ModelSize.weights(Model.of(spec))
        .forEach(
            (path, shape) -> {
              String name = naming.names(path).get(0);
              Shape theirs = naming.layout(path, shape).theirs(shape);
              float[] live = new float[(int) shape.size()];
              float[] averaged = new float[live.length];
              for (int i = 0; i < live.length; i++) {
                live[i] = i + path.hashCode() % 1000;
                averaged[i] = live[i] + 0.5f;
              }
              tensors.put(name, new Tensor(theirs, live));
              tensors.put(name + AVERAGE, new Tensor(theirs, averaged));
              tensors.put(name + "/Adam", new Tensor(theirs, new float[live.length]));
            });
    tensors.put("beta1_power", new Tensor(Shape.scalar(), new float[1]));
    return tensors;
  }

  private Path save(Map<String, Tensor> tensors) {
    Path prefix = folder.resolve("model.ckpt-7");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      List<Operand<?>> values = new ArrayList<>(List.of(tf.constant(7L)));
      List<String> names = new ArrayList<>(List.of("global_step"));
      tensors.forEach(
          (name, tensor) -> {
            names.add(name);
            values.add(tf.constantOf(Floats.tensor(tensor.values(), tensor.shape().asArray())));
          });
      Op save =
          tf.train.save(
              tf.constant(prefix.toString()),
              tf.array(names.toArray(String[]::new)),
              tf.array(names.stream().map(n -> "").toArray(String[]::new)),
              values);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(save).run().close();
      }
    }
    return prefix;
  }

  @Test
  void averagesAreTakenUnlessTheWeightsAreAskedFor() throws IOException {
    Map<String, Tensor> tensors = original();
    Path prefix = save(tensors);
    for (boolean averaged : new boolean[] {true, false}) {
      Path run = folder.resolve("run-" + averaged);
      new Tf1Checkpoint(prefix, averaged).importTo(run, spec);
      // The original keeps its weights in our order; where a 1x1 convolution has no height and
      // width.
      Runs.weights(run, Kind.AVERAGED)
          .forEach(
              (path, values) -> {
                String name = new Tf1Naming(averaged).names(path).get(0);
                assertArrayEquals(
                    Objects.requireNonNull(tensors.get(name), name).values(), values, name);
              });
    }
  }

  @Test
  void checkpointsOfOtherNetworksAreRefused() {
    Map<String, Tensor> tensors = original();
    String average = "model/conv_in/b" + AVERAGE;
    Tensor taken = Objects.requireNonNull(tensors.remove(average));
    assertRefused(tensors, "1 tensor is missing, first of them " + average);
    tensors.put(average, new Tensor(Shape.of(9), new float[9]));
    assertRefused(tensors, average + " is [9]: allowed here is [8]");
    tensors.put(average, taken);
    String other = "model/down_0/attn_0/q/W";
    tensors.put(other + AVERAGE, taken);
    assertRefused(tensors, "1 tensor is not of this network, first of them " + other + AVERAGE);
  }

  private void assertRefused(Map<String, Tensor> tensors, String message) {
    Path prefix = save(tensors);
    Path run = folder.resolve("refused");
    assertEquals(
        prefix + ": " + message,
        BadInputs.messageOf(() -> new Tf1Checkpoint(prefix, true).importTo(run, spec)));
    assertFalse(Files.exists(run));
  }

  @Test
  void brokenIndexesAreRefused() throws IOException {
    Path nothing = folder.resolve("nothing");
    assertEquals(
        nothing + ": no checkpoint, there is no " + nothing + ".index",
        BadInputs.messageOf(() -> new Tf1Checkpoint(nothing, true)));
    Path prefix = save(original());
    Path index = Path.of(prefix + ".index");
    byte[] whole = Files.readAllBytes(index);
    String broken = index + ": no index of a TensorFlow checkpoint, or a broken one";
    for (int spoilt = 0; spoilt < 3; spoilt++) {
      byte[] bytes = whole.clone();
      switch (spoilt) {
        case 0 -> bytes[bytes.length - 1]++;
        case 1 -> bytes[bytes.length - 46] = (byte) 0xFF;
        default -> bytes = new byte[20];
      }
      Files.write(index, bytes);
      assertEquals(broken, BadInputs.messageOf(() -> new Tf1Checkpoint(prefix, true)));
    }
  }
}
