package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.spec.BadInput;

/** Checkpoints of steps 100, 200 and 300, with something wrong. */
class BrokenCheckpointsTest {
  @TempDir Path run;
  private CheckpointFolder folder = new CheckpointFolder(Path.of(""));

  private enum Part {
    INDEX,
    DATA,
    INFO
  }

  @BeforeEach
  void write() throws IOException {
    folder = new CheckpointFolder(run.resolve("checkpoints"));
    for (int step = 100; step <= 300; step += 100) {
      folder.write(step, 3);
    }
  }

  /** Every byte of every file counts. */
  @ParameterizedTest
  @EnumSource
  void noticesAChangedByte(Part part) throws IOException {
    Path file = file(part);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      Files.write(file, changed);
      assertBroken(file + " is broken: not what was written");
    }
    Files.write(file, whole);
    assertEquals(300, folder.latest().step());
  }

  @ParameterizedTest
  @EnumSource
  void noticesAFileCutShort(Part part) throws IOException {
    Path file = file(part);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertBroken(file + " is broken: not what was written");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INDEX", "DATA"})
  void noticesAMissingFile(Part part) throws IOException {
    Files.delete(file(part));
    assertBroken(file(part) + " is missing");
  }

  /** A checkpoint is there once its textproto is. */
  @Test
  void takesTheOneBeforeWhereTheTextprotoIsMissing() throws IOException {
    Files.delete(file(Part.INFO));
    assertEquals(
        "--checkpoint 300: there is none in " + folder.path() + "; known are 100, 200",
        messageOf(() -> folder.checkpoints().open(300)));
    assertEquals(200, folder.latest().step());
  }

  /** A textproto that was copied under another name. */
  @Test
  void noticesTheTextprotoOfAnotherStep() throws IOException {
    Files.copy(folder.textproto(200), folder.path().resolve("step-00000250.textproto"));
    assertEquals(
        folder.path().resolve("step-00000250.textproto") + " is broken: it is of step 200",
        messageOf(() -> folder.checkpoints().open(250)));
  }

  @Test
  void goesBackAsFarAsItTakes() throws IOException {
    Files.delete(folder.index(300));
    Files.delete(folder.data(200));
    List<String> warnings = new ArrayList<>();
    assertEquals(100, folder.checkpoints().latest(warnings::add).step());
    assertEquals(
        List.of(
            folder.index(300) + " is missing; taking the one before",
            folder.data(200) + " is missing; taking the one before"),
        warnings);
    Files.delete(folder.data(100));
    warnings.clear();
    assertEquals(
        folder.path() + ": no usable checkpoint",
        messageOf(() -> folder.checkpoints().latest(warnings::add)));
    assertEquals(3, warnings.size());
    assertEquals(folder.data(100) + " is missing", warnings.get(2));
  }

  /** latest is written last, so a newer checkpoint may be one whose writing was interrupted. */
  @Test
  void doesNotTakeWhatIsNewerThanTheLatest() throws IOException {
    Files.writeString(folder.named(), "step-00000200\n");
    assertEquals(200, folder.latest().step());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "step-00000", "step-00000200.index", "\0\0\0\0\0\0\0\0"})
  void takesTheNewestWhereLatestNamesNone(String latest) throws IOException {
    Files.writeString(folder.named(), latest);
    assertEquals(300, folder.latest().step());
    Files.delete(folder.named());
    assertEquals(300, folder.latest().step());
  }

  /** A run that went back does not lose what it writes then to the steps it went back from. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void forgetsTheStepsItWentBackFrom(int keep) throws IOException {
    Files.delete(folder.index(300));
    Files.writeString(folder.named(), "step-00000200\n");
    folder.write(250, keep);
    folder.assertHolds(
        switch (keep) {
          case 1 -> new int[] {250};
          case 2 -> new int[] {200, 250};
          default -> new int[] {100, 200, 250};
        });
    assertEquals(250, folder.latest().step());
  }

  /** Each state in which a killed process can leave the folder while it writes step 400. */
  private enum Interrupted {
    WRITING_TENSORS,
    MOVING_TENSORS,
    WRITING_TEXTPROTO,
    WRITING_LATEST,
    PRUNING
  }

  @ParameterizedTest
  @EnumSource
  void survivesAKilledProcess(Interrupted at) throws IOException {
    interrupt(at);
    int latest = at == Interrupted.PRUNING ? 400 : 300;
    assertEquals(latest, folder.latest().step());
    folder.write(latest + 50, 2);
    folder.assertHolds(latest, latest + 50);
    assertEquals(latest + 50, folder.latest().step());
  }

  private void interrupt(Interrupted at) throws IOException {
    Path writing = folder.path().resolve(".writing");
    switch (at) {
      case WRITING_TENSORS -> {
        Files.createDirectories(writing.resolve("step-00000400_temp"));
        Files.writeString(writing.resolve("step-00000400_temp/part.tempstate123"), "da");
        Files.writeString(writing.resolve("step-00000400.index"), "ind");
      }
      case MOVING_TENSORS -> {
        Files.createDirectory(writing);
        Files.writeString(writing.resolve("step-00000400.index"), "index");
        Files.writeString(folder.data(400), "data");
      }
      case WRITING_TEXTPROTO -> {
        CheckpointFolder.tensors(folder.path().resolve("step-00000400").toString());
        Files.writeString(folder.path().resolve(".step-00000400.textproto.part"), "step: 4");
      }
      case WRITING_LATEST -> {
        folder.write(400, 4);
        Files.writeString(folder.named(), "step-00000300\n");
        Files.writeString(folder.path().resolve(".latest.part"), "step-0");
      }
      case PRUNING -> {
        folder.write(400, 4);
        Files.delete(folder.textproto(100));
        Files.delete(folder.data(100));
        Files.delete(folder.textproto(200));
      }
    }
  }

  private Path file(Part part) {
    return switch (part) {
      case INDEX -> folder.index(300);
      case DATA -> folder.data(300);
      case INFO -> folder.textproto(300);
    };
  }

  private void assertBroken(String message) throws IOException {
    BadInput broken = assertThrows(BadInput.class, () -> folder.checkpoints().open(300), message);
    assertEquals(message, broken.getMessage());
    List<String> warnings = new ArrayList<>();
    assertEquals(200, folder.checkpoints().latest(warnings::add).step());
    assertEquals(List.of(message + "; taking the one before"), warnings);
    assertTrue(folder.checkpoints().any());
  }
}
