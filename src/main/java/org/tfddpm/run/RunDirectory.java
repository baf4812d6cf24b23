package org.tfddpm.run;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;

/**
 * The folder of one training run.
 *
 * <pre>
 *   spec.textproto          the resolved specification, written before anything else
 *   checkpoints/            see {@link Checkpoints}
 *   metrics.jsonl           see {@link Metrics}
 *   events.out.tfevents.*   the same and the grids, for TensorBoard
 *   samples/                a grid of samples every training.sample_every steps
 *   evaluation/             what evaluate has found
 * </pre>
 */
public final class RunDirectory {
  private static final String SPEC = "spec.textproto";
  private static final String LOCK = ".lock";

  private final Path folder;
  private final GraphSpec spec;

  private RunDirectory(Path folder, GraphSpec spec) {
    this.folder = folder;
    this.spec = spec;
  }

  /** Whether a folder is one. */
  public static boolean exists(Path folder) {
    return Files.isRegularFile(folder.resolve(SPEC));
  }

  /**
   * Opens a run.
   *
   * @throws BadInput if the folder is none
   */
  public static RunDirectory open(Path folder) {
    Path file = folder.resolve(SPEC);
    if (!exists(folder)) {
      throw new BadInput(
          "--run "
              + folder
              + ": "
              + (Files.isDirectory(folder)
                  ? "no run directory, it has no " + SPEC
                  : "no such run"));
    }
    try {
      GraphSpec spec = Specs.parse(Files.readString(file), file.toString(), "run", List.of());
      return new RunDirectory(folder, spec);
    } catch (IOException e) {
      throw new BadInput("--run " + folder + ": " + SPEC + " cannot be read", e);
    }
  }

  /**
   * Creates a run, its specification first.
   *
   * @throws BadInput if the folder has other files in it or cannot be written
   */
  public static RunDirectory create(Path folder, GraphSpec spec) {
    try {
      if (Files.isDirectory(folder) && !Folders.isEmpty(folder)) {
        throw new BadInput(
            "--run " + folder + ": neither empty nor a run directory, it has no " + SPEC);
      }
      Files.createDirectories(folder);
      AtomicFile.write(folder.resolve(SPEC), Specs.print(spec));
      return new RunDirectory(folder, spec);
    } catch (IOException e) {
      throw new BadInput("--run " + folder + ": " + Folders.reason(e), e);
    }
  }

  /**
   * Begins a run anew: deletes what it has left in its folder, and nothing else.
   *
   * @throws BadInput if another process trains there
   */
  @SuppressWarnings("try") // the lock is held, not used
  public static RunDirectory renew(Path folder, GraphSpec spec) throws IOException {
    try (Closeable lock = lock(folder);
        Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(RunDirectory::isLeft).toList()) {
        Folders.delete(file);
      }
      AtomicFile.write(folder.resolve(SPEC), Specs.print(spec));
    }
    return new RunDirectory(folder, spec);
  }

  /** Whether a run leaves files of this name, beside its specification and its lock. */
  private static boolean isLeft(Path file) {
    String name = file.getFileName().toString();
    return List.of("checkpoints", "samples", "evaluation", "metrics.jsonl", ".metrics.jsonl.part")
            .contains(name)
        || name.startsWith("events.out.tfevents.");
  }

  /**
   * Keeps other processes from training in this folder until it is closed or the process ends.
   *
   * @throws BadInput if another one does, or the folder cannot be written
   */
  public Closeable lock() throws IOException {
    return lock(folder);
  }

  private static Closeable lock(Path folder) throws IOException {
    FileChannel channel = lockFile(folder);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it: the same as another process.
    }
    channel.close();
    throw new BadInput("--run " + folder + ": another process is training there");
  }

  private static FileChannel lockFile(Path folder) {
    try {
      return FileChannel.open(
          folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new BadInput("--run " + folder + ": " + Folders.reason(e), e);
    }
  }

  /** The resolved specification. */
  public GraphSpec spec() {
    return spec;
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** Its checkpoints. */
  public Checkpoints checkpoints() {
    return new Checkpoints(folder.resolve("checkpoints"));
  }

  /** Where the metrics go. */
  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** Where evaluations go. */
  public Path evaluation() {
    return folder.resolve("evaluation");
  }

  /** Where the grid of a step goes. */
  public Path sampleGrid(long step) {
    return folder.resolve("samples").resolve(String.format("step-%08d.png", step));
  }
}
