package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestImages;

class FolderClassesTest {
  @TempDir Path folder;

  @Test
  void takesSubFoldersForClasses() throws IOException {
    write("dog/2.png", "cat/3.png", "cat/1.jpg", "ape/9.png");
    ImageFolder source = open();
    assertEquals(List.of("ape", "cat", "dog"), source.classNames());
    assertEquals("{ape/9.png=0, cat/1.jpg=1, cat/3.png=1, dog/2.png=2}", labels(source));
  }

  /** Paths sort otherwise: '-' comes before '/'. */
  @Test
  void ordersClassesByTheirNamesAlone() throws IOException {
    write("a/1.png", "a-b/1.png", "a/2.png");
    ImageFolder source = open();
    assertEquals(List.of("a", "a-b"), source.classNames());
    assertEquals("{a-b/1.png=1, a/1.png=0, a/2.png=0}", labels(source));
  }

  @Test
  void countsWhatIsDeeperToTheTopSubFolder() throws IOException {
    write("b/a/x/1.png", "b/2.png", "a/b/3.png");
    ImageFolder source = open();
    assertEquals(List.of("a", "b"), source.classNames());
    assertEquals("{a/b/3.png=0, b/2.png=1, b/a/x/1.png=1}", labels(source));
  }

  @Test
  void leavesOutSubFoldersWithoutImages() throws IOException {
    write("b/1.png", "c/2.png", "a/notes.txt", ".d/3.png");
    Files.createDirectories(folder.resolve("bb/empty"));
    assertEquals(List.of("b", "c"), open().classNames());
    assertEquals("{b/1.png=0, c/2.png=1}", labels(open()));
  }

  @Test
  void followsLinksAndKeepsTheirNames(@TempDir Path elsewhere) throws IOException {
    write("b/1.png");
    Files.copy(folder.resolve("b/1.png"), elsewhere.resolve("2.png"));
    Files.createSymbolicLink(folder.resolve("a"), elsewhere);
    assertEquals("{a/2.png=0, b/1.png=1}", labels(open()));
  }

  @Test
  void hasNoClassesWithoutSubFolders() throws IOException {
    write("1.png", "2.png");
    Files.createDirectories(folder.resolve("empty"));
    assertEquals(List.of(), open().classNames());
    assertEquals(
        "data source \"folder:"
            + folder
            + "\": no labels: its images are in no sub-folders, of which each would be a class",
        messageOf(() -> open().labels().ofImages()));
  }

  @Test
  void hasNoClassesWhereAnImageIsInNone() throws IOException {
    write("b/1.png", "stray.png", "z/2.png");
    assertEquals(List.of(), open().classNames());
    assertEquals(
        "data source \"folder:"
            + folder
            + "\": no labels: its sub-folders would be classes, but stray.png is in none of them",
        messageOf(() -> open().labels().ofImages()));
  }

  private ImageFolder open() {
    return (ImageFolder) ImageFolder.open(folder.toString());
  }

  /** What is in the folder, with labels. */
  private String labels(ImageFolder source) {
    TreeMap<String, Integer> labels = new TreeMap<>();
    int[] ofImages = source.labels().ofImages();
    for (int i = 0; i < source.count(); i++) {
      labels.put(folder.relativize(Path.of(source.nameOf(i))).toString(), ofImages[i]);
    }
    assertEquals(labels.size(), ofImages.length);
    return labels.toString();
  }

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, TestImages.png(2, 2, 1, (y, x, c) -> 1));
    }
  }
}
