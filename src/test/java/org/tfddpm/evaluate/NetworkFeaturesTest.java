package org.tfddpm.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import org.tfddpm.run.Images;

/** Features of graphs and SavedModels made here. */
class NetworkFeaturesTest {
  private static final int SIDE = 4;

  @TempDir Path folder;

  /** Grey images of one value each. */
  private static Images plain(int... values) {
    byte[] pixels = new byte[values.length * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) values[i / (SIDE * SIDE)];
    }
    return new Images(pixels, SIDE, SIDE, 1);
  }

  private Path frozen(Consumer<Ops> network) throws IOException {
    try (Graph graph = new Graph()) {
      network.accept(Ops.create(graph));
      return Files.write(folder.resolve("net.pb"), graph.toGraphDef().toByteArray());
    }
  }

  private static <T extends TType> Placeholder<T> input(
      Ops tf, String name, Class<T> type, long... shape) {
    return tf.withName(name).placeholder(type, Placeholder.shape(Shape.of(shape)));
  }

  /** The mean of each channel. */
  private static Operand<TFloat32> pool(Ops tf, Operand<TFloat32> x) {
    return tf.withName("pool").math.mean(x, tf.constant(new int[] {1, 2}));
  }

  private Vectors features(String value, @Nullable ValueRange range, Images images) {
    try (Features features =
        NetworkFeatures.open(folder + "/" + value, range, ConfigProto.getDefaultInstance())) {
      return features.of(images, done -> {});
    }
  }

  private String refused(String value) {
    return messageOf(() -> features(value, null, plain(1, 2)))
        .replace("--features " + folder + "/" + value + ": ", "");
  }

  @Test
  void aFrozenGraphSeesImagesInTheRangeItWants() throws IOException {
    frozen(tf -> pool(tf, input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1)));
    Images images = plain(0, 51, 255);
    assertArrayEquals(
        new float[] {-1, -0.6f, 1}, features("net.pb:pool", null, images).values(), 1e-6f);
    assertArrayEquals(
        new float[] {0, 0.2f, 1}, features("net.pb:pool", ValueRange.UNIT, images).values(), 1e-6f);
    assertArrayEquals(
        new float[] {0, 51, 255}, features("net.pb:pool:0", ValueRange.BYTE, images).values());
  }

  @Test
  void aUint8InputGetsTheBytes() throws IOException {
    frozen(
        tf ->
            pool(tf, tf.dtypes.cast(input(tf, "x", TUint8.class, -1, -1, -1, 1), TFloat32.class)));
    assertArrayEquals(new float[] {7, 200}, features("net.pb:pool", null, plain(7, 200)).values());
    assertTrue(
        messageOf(() -> features("net.pb:pool", ValueRange.UNIT, plain(1)))
            .endsWith("its input is uint8, which is 0 ... 255; allowed is --features-range byte"));
  }

  @Test
  void imagesAreResizedAndColouredAsTheInputWants() throws IOException {
    frozen(
        tf -> {
          Placeholder<TFloat32> x = input(tf, "x", TFloat32.class, -1, 8, 8, 3);
          tf.withName("corner")
              .slice(x, tf.constant(new int[] {0, 0, 2, 1}), tf.constant(new int[] {-1, 1, 4, 2}));
        });
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (40 * (i % SIDE));
    }
    // Columns 2 ... 5 of 8 lie at 0.75, 1.25, 1.75, 2.25 of 4; each for two of three equal
    // channels.
    assertArrayEquals(
        new float[] {30, 30, 50, 50, 70, 70, 90, 90},
        features("net.pb:corner", ValueRange.BYTE, new Images(pixels, SIDE, SIDE, 1)).values(),
        1e-4f);
  }

  @Test
  void whateverComesAfterTheBatchIsAVector() throws IOException {
    frozen(tf -> tf.withName("map").math.neg(input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1)));
    Vectors vectors = features("net.pb:map", ValueRange.BYTE, plain(3, 4));
    assertEquals(SIDE * SIDE, vectors.dimension());
    assertEquals(-4, vectors.at(1, 15));
  }

  @Test
  void aNetworkOfOneBatchSizeSeesEveryImageOnce() throws IOException {
    frozen(tf -> pool(tf, input(tf, "x", TFloat32.class, 3, SIDE, SIDE, 1)));
    assertArrayEquals(
        new float[] {1, 2, 3, 4, 5},
        features("net.pb:pool", ValueRange.BYTE, plain(1, 2, 3, 4, 5)).values());
    assertEquals(
        "its batch is always 3, allowed are at least as many images", refused("net.pb:pool"));
  }

  @Test
  void manyImagesAreTakenInTurns() throws IOException {
    frozen(tf -> pool(tf, input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1)));
    int[] values = new int[150];
    Arrays.setAll(values, i -> i);
    List<Integer> told = new ArrayList<>();
    try (Features features =
        NetworkFeatures.open(
            folder + "/net.pb:pool", ValueRange.BYTE, ConfigProto.getDefaultInstance())) {
      Vectors vectors = features.of(plain(values), told::add);
      for (int i = 0; i < values.length; i++) {
        assertEquals(i, vectors.at(i, 0));
      }
    }
    assertEquals(List.of(64, 128, 150), told);
  }

  @Test
  void anOperationNamedAsAnInitializerIsNone() throws IOException {
    frozen(
        tf -> {
          Placeholder<TFloat32> x = input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1);
          pool(tf, tf.withName("Init_block").math.neg(x));
        });
    assertEquals(-9, features("net.pb:pool", ValueRange.BYTE, plain(9)).at(0, 0));
  }

  @Test
  void theInputIsNamedWhereSeveralCouldBeMeant() throws IOException {
    frozen(
        tf -> {
          Placeholder<TFloat32> x = input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1);
          Placeholder<TFloat32> mask = input(tf, "mask", TFloat32.class, -1, SIDE, SIDE, 1);
          Operand<TFloat32> shown = tf.withName("shown").identity(x);
          pool(tf, shown);
          tf.withName("both").math.mul(x, mask);
        });
    assertEquals(
        "the graph has several placeholders for images: x, mask; allowed is FILE:INPUT,OUTPUT",
        refused("net.pb:pool"));
    assertEquals(6, features("net.pb:x,pool", ValueRange.BYTE, plain(6)).at(0, 0));
    // Any tensor may be fed.
    assertEquals(6, features("net.pb:shown:0,pool", ValueRange.BYTE, plain(6)).at(0, 0));
    assertTrue(refused("net.pb:x,both").startsWith("TensorFlow cannot run it on the images: "));
  }

  @Test
  void whatCannotGiveFeaturesIsRefusedInOneLine() throws IOException {
    frozen(
        tf -> {
          Placeholder<TFloat32> x = input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1);
          input(tf, "k", TInt32.class);
          tf.withName("scalar").math.mean(x, tf.constant(new int[] {0, 1, 2, 3}));
          tf.withName("none").math.div(pool(tf, x), tf.constant(0f));
          tf.withName("many").tile(pool(tf, x), tf.constant(new int[] {1, 5000}));
          tf.withName("labels").math.argMax(pool(tf, x), tf.constant(1));
        });
    assertEquals("the graph has no \"pol\"", refused("net.pb:pol"));
    assertEquals(
        "its input k is DT_INT32 [], allowed are float32 and uint8 [N,H,W,C]",
        refused("net.pb:k,pool"));
    assertEquals(
        "for 2 images the output is DT_FLOAT [], allowed is float32 with the images first",
        refused("net.pb:scalar"));
    assertEquals(
        "for 2 images the output is DT_INT64 [2], allowed is float32 with the images first",
        refused("net.pb:labels"));
    assertEquals("the output is not finite for some image", refused("net.pb:none"));
    assertEquals(
        "the output is 5000 values an image, allowed are at most 4096; a layer after its pooling"
            + " has fewer",
        refused("net.pb:many"));
    assertEquals("no such file or folder as " + folder + "/nothing.pb", refused("nothing.pb:pool"));
    assertEquals(
        "allowed are a classifier's run, or a graph or a SavedModel and its output,"
            + " FILE.pb:OUTPUT, DIR:OUTPUT",
        refused("net.pb"));
    Files.writeString(folder.resolve("text.pb"), "no graph");
    assertTrue(refused("text.pb:pool").startsWith("not a frozen graph (a GraphDef): "));
    assertEquals(
        "the folder has no saved_model.pb", refused("../" + folder.getFileName() + ":pool"));
    frozen(tf -> pool(tf, input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 4)));
    assertEquals("takes images of 4 channels, not those of 1", refused("net.pb:pool"));
    frozen(tf -> tf.withName("pool").constant(1f));
    assertEquals(
        "the graph has no placeholder for images; allowed is FILE:INPUT,OUTPUT",
        refused("net.pb:pool"));
  }

  /** Features of images, and of images at a time step; in a signature of its own, of a number. */
  private void saveModel() throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = input(tf, "x", TFloat32.class, -1, SIDE, SIDE, 1);
      Placeholder<TInt32> t = input(tf, "t", TInt32.class, -1);
      Placeholder<TFloat32> scale = input(tf, "scale", TFloat32.class);
      Operand<TFloat32> pool = pool(tf, x);
      Operand<TFloat32> time = tf.expandDims(tf.dtypes.cast(t, TFloat32.class), tf.constant(1));
      SavedModelBundle.exporter(folder.resolve("model").toString())
          .withTags("serve")
          .withSession(session)
          .withSignature(
              Signature.builder()
                  .key("serving_default")
                  .input("image", x)
                  .output("pool", pool)
                  .output("doubled", tf.math.add(pool, pool))
                  .build())
          .withSignature(
              Signature.builder()
                  .key("noisy")
                  .input("x", x)
                  .input("t", t)
                  .output("features", tf.math.add(pool, time))
                  .build())
          .withSignature(
              Signature.builder()
                  .key("scaled")
                  .input("x", x)
                  .input("scale", scale)
                  .output("features", tf.math.mul(pool, scale))
                  .build())
          .export();
    }
  }

  @Test
  void aSavedModelIsAskedByItsSignatures() throws IOException {
    saveModel();
    Images images = plain(10, 20);
    assertArrayEquals(
        new float[] {10, 20}, features("model:pool", ValueRange.BYTE, images).values());
    assertArrayEquals(
        new float[] {20, 40}, features("model:doubled", ValueRange.BYTE, images).values());
    // The time step of an image without noise is 0.
    assertArrayEquals(
        new float[] {10, 20}, features("model:noisy.features", ValueRange.BYTE, images).values());
    assertEquals(
        "signature serving_default has no output \"pol\"; did you mean \"pool\"?",
        refused("model:pol"));
    assertEquals(
        "signature noisy has no output \"logits\"; known are features",
        refused("model:noisy.logits"));
    assertEquals(
        "input scale of signature scaled is DT_FLOAT [], allowed are images, float32 or uint8"
            + " [N,H,W,C]",
        refused("model:scaled.features"));
    Files.writeString(folder.resolve("model/saved_model.pb"), "cut");
    assertTrue(refused("model:pool").startsWith("TensorFlow does not load it: "));
  }

  @Test
  void theNameSaysWhatWasMeasured() throws IOException {
    frozen(tf -> pool(tf, input(tf, "x", TFloat32.class, -1, 8, 8, -1)));
    String value = folder + "/net.pb:pool";
    try (Features features =
        NetworkFeatures.open(value, ValueRange.UNIT, ConfigProto.getDefaultInstance())) {
      assertEquals(value + " of images in [0,1], 8x8", features.name());
    }
    try (Features features = new PixelFeatures()) {
      assertEquals("pixels in [-1,1]", features.name());
      assertArrayEquals(
          new float[] {-1, 1},
          features.of(new Images(new byte[] {0, (byte) 255}, 1, 1, 1), done -> {}).values());
      assertEquals(
          "--features PATH:OUTPUT is needed: an image has 12288 pixels, allowed are at most 4096",
          messageOf(() -> features.of(new Images(new byte[12288], 64, 64, 3), done -> {})));
    }
  }
}
