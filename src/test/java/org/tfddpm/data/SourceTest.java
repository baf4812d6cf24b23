package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfddpm.testing.TestImages;

class SourceTest {
  @TempDir Path folder;

  @Test
  void opensAKindAtAPlace() throws IOException {
    Files.write(folder.resolve("a.png"), TestImages.png(2, 2, 1, (y, x, c) -> 0));
    assertInstanceOf(ImageFolder.class, Source.open("folder:" + folder));
    assertInstanceOf(MemorySource.class, Source.open("bundled:digits"));
  }

  /** Each kind says its own name, so a message tells which one was asked. */
  @Test
  void asksTheReaderOfTheKind() {
    Path missing = folder.resolve("missing");
    for (String kind : new String[] {"idx", "idx-test", "cifar10", "cifar10-test", "folder"}) {
      assertEquals(
          "data source \"" + kind + ":" + missing + "\": no such folder",
          messageOf(() -> Source.open(kind + ":" + missing)));
    }
    assertEquals(
        "data source \"tfrecord:" + missing + "\": no file matches",
        messageOf(() -> Source.open("tfrecord:" + missing)));
    assertEquals(
        "data source \"bundled:missing\": unknown name; known are digits, digits-test",
        messageOf(() -> Source.open("bundled:missing")));
  }

  @Test
  void suggestsAKind() {
    assertEquals(
        "data source \"fodler:/photos\": unknown kind \"fodler\"; did you mean \"folder\"?",
        messageOf(() -> Source.open("fodler:/photos")));
    assertEquals(
        "data source \"/photos\": unknown kind \"/photos\"; known are bundled, idx, idx-test,"
            + " cifar10, cifar10-test, folder, tfrecord",
        messageOf(() -> Source.open("/photos")));
    assertEquals(
        "data source \"\": unknown kind \"\"; known are bundled, idx, idx-test, cifar10,"
            + " cifar10-test, folder, tfrecord",
        messageOf(() -> Source.open("")));
  }

  @Test
  void asksForAPlace() {
    assertEquals(
        "data source \"folder\": allowed is folder:PLACE", messageOf(() -> Source.open("folder")));
    assertEquals(
        "data source \"idx:\": allowed is idx:PLACE", messageOf(() -> Source.open("idx:")));
  }

  @Test
  void keepsAColonInThePlace() {
    Path place = folder.resolve("a:b");
    assertEquals(
        "data source \"idx:" + place + "\": no such folder",
        messageOf(() -> Source.open("idx:" + place)));
  }

  @Test
  void namesAPlaceFromAnywhere() {
    Path here = Path.of("").toAbsolutePath();
    assertEquals("folder:" + here.resolve("photos"), Source.absolute("folder:photos"));
    assertEquals("idx:" + here.resolve("mnist"), Source.absolute("idx:./x/../mnist"));
    assertEquals("idx-test:" + here.resolve("mnist"), Source.absolute("idx-test:mnist"));
    assertEquals("cifar10-test:" + here.resolve("c"), Source.absolute("cifar10-test:c"));
    assertEquals(
        "tfrecord:" + here.resolve("data/part-*"), Source.absolute("tfrecord:data/part-*"));
    assertEquals("folder:/photos", Source.absolute("folder:/photos"));
    assertEquals("bundled:digits", Source.absolute("bundled:digits"));
    assertEquals("folder:", Source.absolute("folder:"));
    assertEquals("folder", Source.absolute("folder"));
  }
}
