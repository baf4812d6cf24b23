package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;
import org.tfddpm.testing.Trees;

@SuppressWarnings("try") // locks are held, not used
class RunDirectoryTest {
  private static final GraphSpec SPEC = Specs.load("digits", List.of("training.batch_size=5"));
  private static final GraphSpec OTHER = Specs.load("digits", List.of("training.batch_size=6"));

  @TempDir Path folder;

  @Test
  void writesItsSpecificationFirst() throws IOException {
    Path run = folder.resolve("runs/digits");
    assertFalse(RunDirectory.exists(run));
    RunDirectory created = RunDirectory.create(run, SPEC);
    assertTrue(RunDirectory.exists(run));
    assertEquals(SPEC, created.spec());
    assertEquals("spec.textproto", Trees.of(run));
    assertEquals(SPEC, RunDirectory.open(run).spec());
    assertEquals(run, RunDirectory.open(run).path());
  }

  @Test
  void usesAnEmptyFolder() {
    assertEquals(SPEC, RunDirectory.create(folder, SPEC).spec());
  }

  @Test
  void refusesAFolderOfOtherFiles() throws IOException {
    Files.writeString(folder.resolve(".notes"), "mine");
    assertEquals(
        "--run " + folder + ": neither empty nor a run directory, it has no spec.textproto",
        messageOf(() -> RunDirectory.create(folder, SPEC)));
    assertEquals(".notes", Trees.of(folder));
  }

  /** Where nothing can be written, said in one line whoever the user is. */
  @Test
  void refusesAPlaceThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertEquals(
        "--run " + file + "/run: cannot be written: Not a directory",
        messageOf(() -> RunDirectory.create(file.resolve("run"), SPEC)));
    assertEquals(
        "--run " + file + ": a file, not a folder",
        messageOf(() -> RunDirectory.create(file, SPEC)));
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void opensNothingButARun() throws IOException {
    assertEquals(
        "--run " + folder + ": no run directory, it has no spec.textproto",
        messageOf(() -> RunDirectory.open(folder)));
    assertEquals(
        "--run " + folder + "/missing: no such run",
        messageOf(() -> RunDirectory.open(folder.resolve("missing"))));
    Files.writeString(folder.resolve("spec.textproto"), "image { height: eight }");
    assertEquals(
        folder + "/spec.textproto:1:17: ",
        messageOf(() -> RunDirectory.open(folder))
            .substring(0, (folder + "/spec.textproto:1:17: ").length()));
    Files.write(folder.resolve("spec.textproto"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    assertEquals(
        "--run " + folder + ": spec.textproto cannot be read",
        messageOf(() -> RunDirectory.open(folder)));
  }

  @Test
  void namesItsPlaces() throws IOException {
    RunDirectory run = RunDirectory.create(folder, SPEC);
    assertEquals(folder.resolve("metrics.jsonl"), run.metrics());
    assertEquals(folder.resolve("samples/step-00002000.png"), run.sampleGrid(2000));
    run.checkpoints().write(CheckpointFolder.info(5), CheckpointFolder::tensors, 1);
    new CheckpointFolder(folder.resolve("checkpoints")).assertHolds(5);
  }

  @Test
  void beginsAnewAndDeletesOnlyWhatARunLeaves(@TempDir Path elsewhere) throws IOException {
    RunDirectory run = RunDirectory.create(folder, SPEC);
    run.lock().close();
    run.checkpoints().write(CheckpointFolder.info(5), CheckpointFolder::tensors, 1);
    Files.createDirectories(run.sampleGrid(5).getParent());
    for (String left :
        List.of(
            "samples/step-00000005.png",
            "metrics.jsonl",
            ".metrics.jsonl.part",
            ".spec.textproto.part",
            "events.out.tfevents.1700000000.tfddpm",
            "events.out.tfevents.1700000000.tfddpm.1")) {
      Files.writeString(folder.resolve(left), "left");
    }
    Files.createDirectory(folder.resolve("mine"));
    for (String mine :
        List.of("notes.txt", "mine/checkpoints", "metrics.jsonl.bak", "checkpoints-2", "sample")) {
      Files.writeString(folder.resolve(mine), "mine");
    }
    Files.writeString(elsewhere.resolve("picture.png"), "mine");
    Files.createSymbolicLink(folder.resolve("samples/link"), elsewhere);
    assertEquals(OTHER, RunDirectory.renew(folder, OTHER).spec());
    assertEquals(OTHER, RunDirectory.open(folder).spec());
    assertEquals(
        ".lock checkpoints-2 metrics.jsonl.bak mine/ mine/checkpoints notes.txt sample"
            + " spec.textproto",
        Trees.of(folder));
    assertEquals("picture.png", Trees.of(elsewhere));
  }

  /** Its files are those of a training process, which would go on without them. */
  @Test
  void doesNotBeginAnewWhereAnotherTrains() throws IOException {
    RunDirectory run = RunDirectory.create(folder, SPEC);
    Files.writeString(run.metrics(), "");
    try (Closeable lock = run.lock()) {
      assertEquals(
          "--run " + folder + ": another process is training there",
          messageOf(() -> RunDirectory.renew(folder, OTHER)));
    }
    assertEquals(SPEC, RunDirectory.open(folder).spec());
    assertEquals(".lock metrics.jsonl spec.textproto", Trees.of(folder));
  }

  @Test
  void locksWithinAProcess() throws IOException {
    RunDirectory run = RunDirectory.create(folder, SPEC);
    try (Closeable lock = run.lock()) {
      assertEquals(
          "--run " + folder + ": another process is training there",
          messageOf(() -> RunDirectory.open(folder).lock()));
    }
    run.lock().close();
  }

  /** A process holds the lock until it ends, in whatever way. */
  @Test
  void locksOutOtherProcesses() throws IOException, InterruptedException {
    RunDirectory run = RunDirectory.create(folder, SPEC);
    String refused = "--run " + folder + ": another process is training there";
    for (boolean killed : new boolean[] {false, true}) {
      Process other = otherProcess();
      try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
        assertEquals("locked", said.readLine());
        assertEquals(refused, messageOf(run::lock));
        if (killed) {
          other.destroyForcibly();
        } else {
          other.getOutputStream().close();
        }
        other.waitFor();
      }
      run.lock().close();
    }
    try (Closeable lock = run.lock()) {
      Process other = otherProcess();
      try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
        assertEquals(refused, said.readLine());
      }
      other.getOutputStream().close();
      assertEquals(0, other.waitFor());
    }
  }

  private Process otherProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LockHolder.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Another process: locks a run until its input ends. */
  static final class LockHolder {
    private LockHolder() {}

    /** Says whether it could. */
    public static void main(String[] args) throws IOException {
      try (Closeable lock = RunDirectory.open(Path.of(args[0])).lock()) {
        System.out.println("locked");
        while (System.in.read() >= 0) {
          // Nothing is written to it.
        }
      } catch (BadInput e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
