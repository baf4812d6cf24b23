package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.testing.Trees;

/** What is written, kept and found; what is broken is in BrokenCheckpointsTest. */
class CheckpointsTest {
  @TempDir Path run;
  private CheckpointFolder folder = new CheckpointFolder(Path.of(""));

  @BeforeEach
  void name() {
    folder = new CheckpointFolder(run.resolve("checkpoints"));
  }

  @Test
  void findsWhatWasWritten() throws IOException {
    folder.write(2000, 3);
    for (Checkpoint found : List.of(folder.checkpoints().open(2000), folder.latest())) {
      assertEquals(2000, found.step());
      assertEquals(folder.path().resolve("step-00002000").toString(), found.prefix());
      assertEquals(CheckpointFolder.info(2000), found.info().toBuilder().clearFiles().build());
      assertEquals(2, found.info().getFilesCount());
      assertEquals("index of step-00002000", Files.readString(Path.of(found.prefix() + ".index")));
    }
  }

  @Test
  void namesTheLatest() throws IOException {
    folder.write(1000, 3);
    folder.assertHolds(1000);
    folder.write(2000, 3);
    folder.assertHolds(1000, 2000);
    assertEquals(2000, folder.latest().step());
    assertEquals(1000, folder.checkpoints().open(1000).step());
  }

  @Test
  void aCalibrationGoesWithItsCheckpoint() throws IOException {
    folder.write(100, 2);
    Calibration calibration = Calibration.newBuilder().setSamples(3).build();
    Path file = Calibrations.write(folder.latest(), calibration);
    assertTrue(Files.exists(file));
    folder.write(200, 2);
    assertTrue(Files.exists(file));
    folder.write(100, 2);
    assertFalse(Files.exists(file), "of other weights");
    Calibrations.write(folder.checkpoints().open(100), calibration);
    folder.write(200, 2);
    folder.write(300, 2);
    assertFalse(Files.exists(file), "of a checkpoint that is gone");
  }

  @Test
  void keepsTheNewest() throws IOException {
    for (int step = 1; step <= 5; step++) {
      folder.write(100L * step, 3);
    }
    folder.assertHolds(300, 400, 500);
    folder.write(600, 1);
    folder.assertHolds(600);
    assertEquals(600, folder.latest().step());
  }

  /** Names have eight digits or more, and more is newer. */
  @Test
  void ordersBySteps() throws IOException {
    folder.write(99_999_999, 2);
    folder.write(100_000_000, 2);
    folder.assertHolds(99_999_999, 100_000_000);
    folder.write(100_000_001, 2);
    folder.assertHolds(100_000_000, 100_000_001);
  }

  @Test
  void replacesTheCheckpointOfAStep() throws IOException {
    folder.write(100, 3);
    folder
        .checkpoints()
        .write(
            CheckpointFolder.info(100),
            prefix -> {
              CheckpointFolder.tensors(prefix);
              Files.writeString(Path.of(prefix + ".index"), "another index");
            },
            3);
    folder.assertHolds(100);
    assertEquals("another index", Files.readString(Path.of(folder.latest().prefix() + ".index")));
  }

  @Test
  void knowsNoneBeforeTheFirst() throws IOException {
    assertFalse(folder.checkpoints().any());
    assertEquals(folder.path() + ": no usable checkpoint", messageOf(folder::latest));
    assertEquals(
        "--checkpoint 100: there is none in " + folder.path(),
        messageOf(() -> folder.checkpoints().open(100)));
    folder.write(100, 3);
    assertTrue(folder.checkpoints().any());
  }

  @Test
  void saysWhichStepsThereAre() throws IOException {
    folder.write(100, 3);
    folder.write(200, 3);
    assertEquals(
        "--checkpoint 150: there is none in " + folder.path() + "; known are 100, 200",
        messageOf(() -> folder.checkpoints().open(150)));
  }

  /** The disk is full, or the graph cannot be read: nothing has happened. */
  @Test
  void leavesNothingWhenTensorsCannotBeWritten() throws IOException {
    folder.write(100, 1);
    IOException full = new IOException("No space left on device");
    assertEquals(
        full,
        assertThrows(
            IOException.class,
            () ->
                folder
                    .checkpoints()
                    .write(
                        CheckpointFolder.info(200),
                        prefix -> {
                          Files.writeString(Path.of(prefix + ".index"), "half");
                          throw full;
                        },
                        1)));
    folder.assertHolds(100);
    IllegalStateException closed = new IllegalStateException("closed");
    assertEquals(
        closed,
        assertThrows(
            IllegalStateException.class,
            () ->
                folder
                    .checkpoints()
                    .write(
                        CheckpointFolder.info(200),
                        prefix -> {
                          throw closed;
                        },
                        1)));
    folder.assertHolds(100);
    assertEquals(100, folder.latest().step());
  }

  /** Users may keep notes there. */
  @Test
  void leavesOtherFilesAlone() throws IOException {
    folder.write(100, 1);
    Files.writeString(folder.path().resolve("notes.txt"), "the good one");
    Files.createDirectory(folder.path().resolve("step-00000100.copy"));
    folder.write(200, 1);
    assertEquals(
        "latest notes.txt step-00000100.copy/ step-00000200.data-00000-of-00001"
            + " step-00000200.index step-00000200.textproto",
        Trees.of(folder.path()));
  }
}
