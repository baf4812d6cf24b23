package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other images, another fingerprint; the same, the same. */
class FingerprintTest {
  @Test
  void ofImagesInMemory() {
    String one = new MemorySource(new byte[] {1, 2, 3, 4}, 1, 2, 2, 1).fingerprint();
    // SHA-256 of the bytes "1x2x2x1", 1, 2, 3, 4.
    assertEquals(
        "pixels-sha256:180727814845b3f98eed867914995ee62d8aff212fcb83db38b4b401a7f51331", one);
    assertNotEquals(one, new MemorySource(new byte[] {1, 2, 3, 5}, 1, 2, 2, 1).fingerprint());
    assertNotEquals(one, new MemorySource(new byte[] {1, 2, 3, 4}, 1, 1, 4, 1).fingerprint());
  }

  @Test
  void ofFiles(@TempDir Path folder) throws IOException {
    Path a = Files.writeString(folder.resolve("a.png"), "12345");
    Path b = Files.writeString(folder.resolve("b.png"), "1");
    String both = Fingerprint.of(List.of(a, b));
    // SHA-256 of "a.png 5\nb.png 1\n".
    assertEquals(
        "names-and-sizes-sha256:6b3bd95ccc9a67a26f9bb4f48048570b191bb7de2d55ce0f1e4ce56ba71e3a64",
        both);
    Files.writeString(b, "12");
    assertNotEquals(both, Fingerprint.of(List.of(a, b)));
  }
}
