package org.tfddpm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestSpecs;
import org.tfddpm.testing.Tfddpm;
import org.tfddpm.testing.Tfddpm.Result;
import org.tfddpm.testing.Trees;

/** {@code train} as a process: stopped, killed, continued. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainIT {
  private static final String STEPS = "150";

  private Path folder;

  @BeforeAll
  void trainUninterrupted(@TempDir Path folder) {
    this.folder = folder;
    assertEquals("whole\n", Tfddpm.succeed(folder, train("whole")).out());
  }

  @Test
  void killedAndContinuedIsUninterruptedByteForByte() throws IOException {
    Tfddpm killed = Tfddpm.start(folder, train("killed"));
    killed.until(() -> Files.exists(folder.resolve("killed/checkpoints/latest"))).kill().await();
    Result continued = Tfddpm.succeed(folder, train("killed"));
    assertTrue(continued.err().contains("killed: continuing after step "), continued.err());
    same("whole", "killed");
  }

  @Test
  void stoppedBySignalSavesAndIsContinuedByteForByte() throws IOException {
    String[] signals = {"TERM", "INT"};
    int[] codes = {143, 130};
    for (int i = 0; i < signals.length; i++) {
      String name = "stopped_" + signals[i];
      Path metrics = folder.resolve(name).resolve("metrics.jsonl");
      Result stopped =
          Tfddpm.start(folder, train(name))
              .until(() -> Files.exists(metrics))
              .signal(signals[i])
              .await();
      assertEquals(codes[i], stopped.exit(), stopped.err());
      assertTrue(stopped.err().contains("stopping: saving a checkpoint"), stopped.err());
      assertEquals("", stopped.out());
      assertTrue(Files.exists(folder.resolve(name).resolve("checkpoints/latest")));
      Tfddpm.succeed(folder, train(name));
      same("whole", name);
    }
  }

  @Test
  void aBrokenCheckpointIsPassedOverAndSaid() throws IOException {
    Trees.copy(folder.resolve("whole"), folder.resolve("run"));
    Path data = folder.resolve("run/checkpoints/step-00000150.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    byte[] good = bytes.clone();
    bytes[bytes.length / 2] ^= 1;
    Files.write(data, bytes);
    Result continued = Tfddpm.succeed(folder, train("run"));
    assertTrue(
        continued
            .err()
            .contains(
                "step-00000150.data-00000-of-00001 is broken: not what was written; taking the one"
                    + " before"),
        continued.err());
    assertTrue(continued.err().contains("run: continuing after step 120"), continued.err());
    assertArrayEquals(good, Files.readAllBytes(data));
  }

  @Test
  void freshBeginsAnewAndDryRunWritesNothing() throws IOException {
    Trees.copy(folder.resolve("whole"), folder.resolve("fresh"));
    byte[] first = checkpoint("fresh");
    Files.writeString(folder.resolve("fresh/notes.txt"), "mine");
    List<String> again = new ArrayList<>(List.of(train("fresh")));
    again.add("--fresh");
    Result fresh = Tfddpm.succeed(folder, again.toArray(String[]::new));
    assertTrue(!fresh.err().contains("continuing"), fresh.err());
    assertArrayEquals(first, checkpoint("fresh"));
    assertEquals("mine", Files.readString(folder.resolve("fresh/notes.txt")));

    Result dry = Tfddpm.succeed(folder, "train", "--dry-run");
    assertTrue(dry.out().contains("the graph of a step has "), dry.out());
    assertTrue(Files.notExists(folder.resolve("runs")));
  }

  @Test
  void aSourceWithoutUsableImagesWritesNothingAndLosesNothing() throws IOException {
    Trees.copy(folder.resolve("whole"), folder.resolve("kept"));
    byte[] before = checkpoint("kept");
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Files.writeString(photos.resolve("a.png"), "text");
    for (String run : List.of("kept", "new")) {
      Result refused =
          Tfddpm.run(folder, "train", "--data", "folder:photos", "--run", run, "--fresh");
      assertEquals(2, refused.exit());
      assertTrue(refused.err().contains("none of its 1 images can be read"), refused.err());
    }
    assertTrue(Files.notExists(folder.resolve("new")));
    assertArrayEquals(before, checkpoint("kept"));
  }

  @Test
  void aSecondProcessIsKeptOut() throws IOException {
    Path metrics = folder.resolve("busy/metrics.jsonl");
    Tfddpm first =
        Tfddpm.start(folder, train("busy", "1000000")).until(() -> Files.exists(metrics));
    Result second = Tfddpm.run(folder, train("busy", "1000000"));
    assertEquals(2, second.exit());
    assertEquals("tfddpm: --run busy: another process is training there\n", second.err());
    assertEquals(143, first.terminate().await().exit());
  }

  private static String[] train(String run) {
    return train(run, STEPS);
  }

  private static String[] train(String run, String steps) {
    List<String> command = new ArrayList<>(List.of("train", "--run", run, "--steps", steps));
    for (String setting : TestSpecs.tinySettings("training.checkpoint_every=30")) {
      if (!setting.startsWith("training.steps")) {
        command.add("--set");
        command.add(setting);
      }
    }
    return command.toArray(String[]::new);
  }

  private void same(String whole, String parts) throws IOException {
    assertArrayEquals(checkpoint(whole), checkpoint(parts));
  }

  private byte[] checkpoint(String run) throws IOException {
    return Files.readAllBytes(
        folder.resolve(run).resolve("checkpoints/step-00000150.data-00000-of-00001"));
  }
}
