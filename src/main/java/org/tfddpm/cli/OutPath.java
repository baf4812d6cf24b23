package org.tfddpm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.BadInput;

/**
 * Where a flag puts what a command makes.
 *
 * @param flag with its dashes
 * @param ending what the name ends in, of those that are allowed
 */
record OutPath(String flag, Path path, String ending) {
  /**
   * The place of this name.
   *
   * @param endings of names that are allowed, such as .png; / is a folder
   * @throws BadInput if the name has none of them, something is there and is not to be overwritten,
   *     or nothing can be written there
   */
  static OutPath of(String flag, String name, boolean force, String... endings) {
    Path path = Path.of(name);
    String ending =
        Arrays.stream(endings)
            .filter(name::endsWith)
            .findFirst()
            .orElseThrow(
                () -> {
                  List<String> allowed = Arrays.stream(endings).map(e -> "X" + e).toList();
                  return new BadInput(
                      flag + " " + name + ": allowed are " + String.join(", ", allowed));
                });
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null || !Files.isWritable(existing(parent))) {
      throw new BadInput(flag + " " + name + ": no permission to write there");
    }
    if (!force && isTaken(path)) {
      throw new BadInput(flag + " " + name + ": is there already; --force overwrites it");
    }
    return new OutPath(flag, path, ending);
  }

  /** Writes one file there. */
  void write(byte[] content) throws IOException {
    writing(
        () -> {
          Path folder = path.toAbsolutePath().getParent();
          if (folder != null) {
            Files.createDirectories(folder);
          }
          AtomicFile.write(path, content);
        });
  }

  /** What writes. */
  interface Writing {
    void run() throws IOException;
  }

  /** Names the flag where writing fails. */
  void writing(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException e) {
      throw new IOException(flag + " " + path + ": " + Folders.reason(e), e);
    }
  }

  private static boolean isTaken(Path path) {
    if (!Files.isDirectory(path)) {
      return Files.exists(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  private static Path existing(Path path) {
    Path parent = path.getParent();
    return Files.exists(path) || parent == null ? path : existing(parent);
  }
}
