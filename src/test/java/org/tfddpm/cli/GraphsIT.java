package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.testing.TestImages;
import org.tfddpm.testing.Tfddpm;
import org.tfddpm.testing.Tfddpm.Result;

/** Each graph that comes along: trained for a moment, or, the large ones, built. */
class GraphsIT {
  @TempDir Path folder;
  private final Random random = new Random(0);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "digits",
        "digits-classes",
        "digits-classifier",
        "digits-upsample",
        "fashion-mnist",
        "fashion-mnist-classes",
        "fashion-mnist-classifier",
        "mnist"
      })
  void smallOnesTrain(String graph) throws IOException {
    trainTwoSteps(graph, graph.startsWith("digits") ? "bundled:digits" : mnist(), 8);
  }

  @Test
  void cifar10Trains() throws IOException {
    cifar10();
    trainTwoSteps("cifar10", "cifar10:" + folder, 2);
  }

  /** Without a step: one alone takes minutes and gigabytes. */
  @ParameterizedTest
  @CsvSource({"celeba64, '78,700,803'", "lsun256, '113,673,219'"})
  void largeOnesAreBuilt(String graph, String parameters) throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.write(images.resolve("a.png"), TestImages.png(70, 80, 3, (y, x, c) -> y + x + c));
    isBuilt(graph, "folder:images", parameters);
  }

  /** Dhariwal and Nichol's network, whose size their paper gives as 296 million. */
  @Test
  void imagenet64IsBuilt() throws IOException {
    byte[] image = TestImages.png(4, 4, 3, (y, x, c) -> y);
    for (int i = 0; i < 1000; i++) {
      Path ofClass = Files.createDirectories(folder.resolve("images/class" + i));
      Files.write(ofClass.resolve("a.png"), image);
    }
    isBuilt("imagenet64", "folder:images", "295,904,454");
  }

  /** Nichol and Dhariwal's network. */
  @Test
  void cifar10ImprovedIsBuilt() throws IOException {
    cifar10();
    isBuilt("cifar10-improved", "cifar10:" + folder, "52,546,438");
  }

  private void isBuilt(String graph, String data, String parameters) {
    Result dry = Tfddpm.succeed(folder, "train", "--graph", graph, "--data", data, "--dry-run");
    assertTrue(dry.out().contains("parameters     " + parameters + "\n"), dry.out());
    assertTrue(dry.out().matches("(?s).*the graph of a step has \\d{4,5} operations\n"), dry.out());
    assertTrue(Files.notExists(folder.resolve("runs")));
  }

  private void trainTwoSteps(String graph, String data, int batch) throws IOException {
    Result trained =
        Tfddpm.succeed(
            folder,
            "train",
            "--graph",
            graph,
            "--data",
            data,
            "--steps",
            "2",
            "--set",
            "training.batch_size=" + batch,
            "--set",
            "training.sample_every=0",
            "--set",
            "training.log_every=1");
    assertEquals("runs/" + graph + "\n", trained.out());
    // At first the network gives 0; noise has variance 1, and black and white pixels have, too, so
    // that v has it at every step. Of ten classes a classifier knows nothing.
    String first = Files.readAllLines(folder.resolve("runs/" + graph + "/metrics.jsonl")).get(0);
    double loss = Double.parseDouble(first.replaceAll(".*\"loss\":([0-9.]+).*", "$1"));
    assertEquals(graph.endsWith("-classifier") ? Math.log(10) : 1, loss, 0.2, first);
  }

  /** Twenty images in CIFAR-10's format, of four classes of ten. */
  private void cifar10() throws IOException {
    byte[] records = new byte[4 * (1 + 32 * 32 * 3)];
    for (int file = 1; file <= 5; file++) {
      random.nextBytes(records);
      for (int i = 0; i < 4; i++) {
        records[i * (1 + 32 * 32 * 3)] = (byte) i;
      }
      Files.write(folder.resolve("data_batch_" + file + ".bin"), records);
    }
  }

  /** Twenty images in MNIST's format, each pixel black or white at random, of ten classes. */
  private String mnist() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(16 + 20 * 28 * 28);
    byte[] pixels = new byte[20 * 28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextBoolean() ? 255 : 0);
    }
    file.putInt(0x803).putInt(20).putInt(28).putInt(28).put(pixels);
    Files.write(folder.resolve("train-images-idx3-ubyte"), file.array());
    ByteBuffer labels = ByteBuffer.allocate(8 + 20).putInt(0x801).putInt(20);
    for (int i = 0; i < 20; i++) {
      labels.put((byte) (i % 10));
    }
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels.array());
    return "idx:" + folder;
  }
}
