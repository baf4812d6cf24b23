package org.tfddpm.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.Trees;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void writesBytesAndText() throws IOException {
    byte[] bytes = {0, -1, 13, 10};
    AtomicFile.write(folder.resolve("bytes"), bytes);
    assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("bytes")));
    AtomicFile.write(folder.resolve("text"), "x\u0304 \u2192 \u03b5\n");
    assertEquals("x\u0304 \u2192 \u03b5\n", Files.readString(folder.resolve("text")));
    assertEquals("bytes text", Trees.of(folder));
  }

  @Test
  void replacesWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "a long text that was there before");
    AtomicFile.write(file, "new");
    assertEquals("new", Files.readString(file));
    assertEquals("file", Trees.of(folder));
  }

  /** A reader that has opened the file goes on reading the old one: it was not written over. */
  @Test
  void doesNotTouchTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    Path link = Files.createLink(folder.resolve("link"), file);
    AtomicFile.write(file, "new");
    assertEquals("old", Files.readString(link));
  }

  @Test
  void leavesNothingWhenItFails() throws IOException {
    Path taken = folder.resolve("taken");
    Files.createDirectories(taken.resolve("inside"));
    assertThrows(IOException.class, () -> AtomicFile.write(taken, "text"));
    assertEquals("taken/ taken/inside/", Trees.of(folder));
    assertThrows(
        NoSuchFileException.class, () -> AtomicFile.write(folder.resolve("missing/file"), "text"));
    assertEquals("taken/ taken/inside/", Trees.of(folder));
  }

  /** What a killed process has left is written over. */
  @Test
  void isNotHeldUpByALeftover() throws IOException {
    Files.writeString(folder.resolve(".file.part"), "a longer text that was cut sho");
    AtomicFile.write(folder.resolve("file"), "new");
    assertEquals("new", Files.readString(folder.resolve("file")));
    assertEquals("file", Trees.of(folder));
  }
}
