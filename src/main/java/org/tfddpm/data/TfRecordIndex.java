package org.tfddpm.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.tfddpm.run.TfRecord;
import org.tfddpm.spec.BadInput;

/**
 * Where each record of some TFRecord files begins, found by walking them from length to length.
 *
 * <p>A record is its length (8 bytes, little endian), the length's masked CRC-32C (4), its bytes,
 * and their masked CRC-32C (4).
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TfRecordIndex(List<Path> files, int[] fileOf, long[] offsets) {
  /** Bytes before those of a record. */
  static final int HEADER = 12;

  private static final int FOOTER = 4;

  /**
   * The index of the files that match.
   *
   * @param source what messages call it
   * @param glob a file, or a pattern in its last part
   * @throws BadInput if there is none, or one is no TFRecord file or cut short
   */
  static TfRecordIndex of(String source, String glob) {
    List<Path> files = match(source, glob);
    int[] fileOf = new int[1024];
    long[] offsets = new long[1024];
    int count = 0;
    for (int i = 0; i < files.size(); i++) {
      for (long offset : walk(files.get(i))) {
        if (count == offsets.length) {
          fileOf = Arrays.copyOf(fileOf, 2 * count);
          offsets = Arrays.copyOf(offsets, 2 * count);
        }
        fileOf[count] = i;
        offsets[count++] = offset;
      }
    }
    if (count == 0) {
      throw new BadInput(source + ": the files hold no record");
    }
    return new TfRecordIndex(files, Arrays.copyOf(fileOf, count), Arrays.copyOf(offsets, count));
  }

  long count() {
    return offsets.length;
  }

  Path fileAt(int record) {
    return files.get(fileOf[record]);
  }

  /** What messages call a record. */
  String nameOf(int record) {
    return "the record at byte " + offsets[record] + " of " + fileAt(record);
  }

  /** The bytes of a record. */
  byte[] read(int record) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(fileAt(record).toFile(), "r")) {
      return read(in, record);
    }
  }

  /** Whether the bytes of a record are those that its checksum was made of. */
  boolean isIntact(int record) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(fileAt(record).toFile(), "r")) {
      byte[] content = read(in, record);
      return TfRecord.maskedCrc(content, content.length) == Integer.reverseBytes(in.readInt());
    }
  }

  private byte[] read(RandomAccessFile in, int record) throws IOException {
    in.seek(offsets[record]);
    byte[] content = new byte[Math.toIntExact(Long.reverseBytes(in.readLong()))];
    in.readInt();
    in.readFully(content);
    return content;
  }

  private static List<Path> match(String source, String glob) {
    Path pattern = Path.of(glob).toAbsolutePath();
    if (Files.isRegularFile(pattern)) {
      return List.of(pattern);
    }
    Path folder = pattern.getParent();
    if (folder == null || Files.isDirectory(pattern)) {
      throw new BadInput(source + ": a folder; allowed is a file or a pattern, such as *.tfrecord");
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInput(source + ": no such folder as " + folder);
    }
    PathMatcher matcher = matcher(source, pattern.getFileName().toString());
    try (Stream<Path> found = Files.list(folder)) {
      List<Path> files =
          found
              .filter(file -> matcher.matches(file.getFileName()))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new BadInput(source + ": no file matches");
      }
      return files;
    } catch (IOException e) {
      throw new BadInput(source + ": " + folder + " cannot be read", e);
    }
  }

  private static PathMatcher matcher(String source, String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new BadInput(source + ": " + pattern + " is no pattern of file names", e);
    }
  }

  private static List<Long> walk(Path file) {
    List<Long> offsets = new ArrayList<>();
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      byte[] header = new byte[HEADER];
      long offset = 0;
      while (offset < size) {
        if (size - offset < HEADER) {
          throw cutShort(file, offset);
        }
        in.seek(offset);
        in.readFully(header);
        long length = length(file, offset, header);
        if (length > size - offset - HEADER - FOOTER) {
          throw cutShort(file, offset);
        }
        offsets.add(offset);
        offset += HEADER + length + FOOTER;
      }
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read", e);
    }
    return offsets;
  }

  private static long length(Path file, long offset, byte[] header) {
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (fields.getShort(0) == (short) 0x8b1f && offset == 0) {
      throw new BadInput(file + ": is gzipped; tfddpm reads records by their place, so gunzip it");
    }
    if (TfRecord.maskedCrc(header, 8) != fields.getInt(8) || fields.getLong(0) < 0) {
      throw new BadInput(
          file
              + ": "
              + (offset == 0 ? "no TFRecord file" : "broken at byte " + offset)
              + " (a record's length does not match its checksum)");
    }
    return fields.getLong(0);
  }

  private static BadInput cutShort(Path file, long offset) {
    return new BadInput(file + ": cut short in the record that begins at byte " + offset);
  }
}
