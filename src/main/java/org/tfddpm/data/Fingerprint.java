package org.tfddpm.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What tells one set of images from another: a SHA-256, named after what it was taken of. */
final class Fingerprint {
  private Fingerprint() {}

  /** Of images in memory: their sizes and all their pixels. */
  static String of(MemorySource images) {
    MessageDigest digest = sha256();
    String sizes =
        String.join(
            "x",
            List.of(
                Long.toString(images.count()),
                Integer.toString(images.height()),
                Integer.toString(images.width()),
                Integer.toString(images.channels())));
    digest.update(sizes.getBytes(StandardCharsets.UTF_8));
    digest.update(images.pixels());
    return "pixels-sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  /** Of files too large or too many to be read for this: their names and sizes in their order. */
  static String of(List<Path> files) {
    MessageDigest digest = sha256();
    try {
      for (Path file : files) {
        String line = file.getFileName() + " " + Files.size(file) + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "names-and-sizes-sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
