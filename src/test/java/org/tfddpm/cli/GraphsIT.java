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
  @ValueSource(strings = {"digits", "fashion-mnist", "mnist"})
  void smallOnesTrain(String graph) throws IOException {
    trainTwoSteps(graph, graph.equals("digits") ? "bundled:digits" : mnist(), 8);
  }

  @Test
  void cifar10Trains() throws IOException {
    byte[] records = new byte[4 * (1 + 32 * 32 * 3)];
    for (int file = 1; file <= 5; file++) {
      random.nextBytes(records);
      for (int i = 0; i < 4; i++) {
        records[i * (1 + 32 * 32 * 3)] = (byte) i;
      }
      Files.write(folder.resolve("data_batch_" + file + ".bin"), records);
    }
    trainTwoSteps("cifar10", "cifar10:" + folder, 2);
  }

  /** Without a step: one alone takes minutes and gigabytes. */
  @ParameterizedTest
  @CsvSource({"celeba64, '78,700,803'", "lsun256, '113,673,219'"})
  void largeOnesAreBuilt(String graph, String parameters) throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    Files.write(images.resolve("a.png"), TestImages.png(70, 80, 3, (y, x, c) -> y + x + c));
    Result dry =
        Tfddpm.succeed(folder, "train", "--graph", graph, "--data", "folder:images", "--dry-run");
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
    // that v has it at every step.
    String first = Files.readAllLines(folder.resolve("runs/" + graph + "/metrics.jsonl")).get(0);
    double loss = Double.parseDouble(first.replaceAll(".*\"loss\":([0-9.]+).*", "$1"));
    assertEquals(1, loss, 0.2, first);
  }

  /** Twenty images in MNIST's format, each pixel black or white at random. */
  private String mnist() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(16 + 20 * 28 * 28);
    byte[] pixels = new byte[20 * 28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextBoolean() ? 255 : 0);
    }
    file.putInt(0x803).putInt(20).putInt(28).putInt(28).put(pixels);
    Files.write(folder.resolve("train-images-idx3-ubyte"), file.array());
    return "idx:" + folder;
  }
}
