package org.tfddpm.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.tfddpm.spec.BadInput;

/** What java.nio.file has no method for. */
public final class Folders {
  private Folders() {}

  /** The files right in a folder, by name. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Whether nothing is in a folder. */
  static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** Deletes a folder with nothing in it. */
  public static void deleteIfEmpty(Path folder) throws IOException {
    if (isEmpty(folder)) {
      Files.delete(folder);
    }
  }

  /** Deletes a file, or a folder with all that is in it, if it is there. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /**
   * Reads a file that a flag names.
   *
   * @param named the flag and the file
   * @throws BadInput if it cannot be read
   */
  public static byte[] read(String named, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new BadInput(named + ": no such file", e);
    } catch (IOException e) {
      throw new BadInput(named + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Why something cannot be written, in words. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission to write";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file, not a folder";
    }
    if (e instanceof NoSuchFileException) {
      return "cannot be written: nothing can be created there";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return "cannot be written: " + (reason == null ? e : reason);
  }

  /** Waits until the disk has a file, or all files of a folder. */
  public static void sync(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }
}
