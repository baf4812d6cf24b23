package org.tfddpm.unet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.nn.Net;
import org.tfddpm.testing.Floats;
import org.tfddpm.unet.UNetConfig.AttentionConfig;

/** The network against diffusers' UNet2DModel: see tools/golden/unet.py. */
class UNetTest {
  private static final UNetConfig ONE_HEAD = ddpm(1);
  private static final UNetConfig TWO_HEADS = ddpm(2);

  private static UNetConfig ddpm(int heads) {
    return new UNetConfig(
        3, 8, List.of(1, 2), 2, new AttentionConfig(List.of(8), heads, 0), 4, 0, false, false, 0);
  }

  @Test
  void equalsAnIndependentProgram() throws IOException {
    Map<String, TFloat32> golden = golden("golden");
    float[] expected = Floats.of(tensor(golden, "output_1_head"));
    assertTrue(relativeError(expected, run(golden, ONE_HEAD)) < 1e-5);
  }

  @Test
  void equalsAnIndependentProgramWithTwoHeads() throws IOException {
    Map<String, TFloat32> golden = golden("golden");
    float[] expected = Floats.of(tensor(golden, "output_2_heads"));
    assertTrue(relativeError(expected, run(golden, TWO_HEADS)) < 1e-5);
    assertTrue(relativeError(expected, run(golden, ONE_HEAD)) > 1e-3);
  }

  /** With heads of four channels: two in the level, four in the middle. */
  @Test
  void equalsAnIndependentProgramOfAdmsLayout() throws IOException {
    Map<String, TFloat32> golden = golden("golden-adm");
    UNetConfig adm =
        new UNetConfig(
            6, 8, List.of(1, 2), 1, new AttentionConfig(List.of(4), 1, 4), 4, 0, true, true, 3);
    float[] expected = Floats.of(tensor(golden, "output"));
    assertTrue(relativeError(expected, run(golden, adm)) < 1e-5);
  }

  /** The largest difference, relative to the size of the output. */
  private static double relativeError(float[] expected, float[] given) {
    double size = 0;
    for (float value : expected) {
      size = Math.max(size, Math.abs(value));
    }
    return Floats.largestDifference(expected, given) / size;
  }

  private static float[] run(Map<String, TFloat32> golden, UNetConfig config) {
    Map<String, TFloat32> weights = new LinkedHashMap<>();
    golden.forEach(
        (name, value) -> {
          if (name.startsWith("weight ")) {
            weights.put(name.substring("weight ".length()), value);
          }
        });
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.constantOf(tensor(golden, "x"));
      Operand<TInt32> t = tf.dtypes.cast(tf.constantOf(tensor(golden, "t")), TInt32.class);
      TFloat32 label = golden.get("label");
      Operand<TFloat32> output =
          UNet.apply(
              Net.inference(tf, new FrozenWeights(weights)),
              config,
              x,
              t,
              label == null ? null : tf.dtypes.cast(tf.constantOf(label), TInt32.class));
      assertEquals(
          Shape.of(2, x.shape().get(1), x.shape().get(2), config.outChannels()), output.shape());
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(output).run()) {
        return Floats.of(result.get(0));
      }
    }
  }

  private static TFloat32 tensor(Map<String, TFloat32> golden, String name) {
    return Objects.requireNonNull(golden.get(name), name);
  }

  private static Map<String, TFloat32> golden(String name) throws IOException {
    Map<String, TFloat32> tensors = new LinkedHashMap<>();
    try (InputStream index = resource(name + ".txt");
        DataInputStream content =
            new DataInputStream(new GZIPInputStream(resource(name + ".bin.gz")))) {
      for (String line :
          new String(index.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        int space = line.lastIndexOf(' ');
        long[] shape =
            Arrays.stream(line.substring(space + 1).split(","))
                .mapToLong(Long::parseLong)
                .toArray();
        float[] values = new float[(int) Shape.of(shape).size()];
        byte[] bytes = new byte[4 * values.length];
        content.readFully(bytes);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        tensors.put(line.substring(0, space), Floats.tensor(values, shape));
      }
      assertEquals(-1, content.read());
    }
    return tensors;
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(UNetTest.class.getResourceAsStream(name), name);
  }
}
