package org.tfddpm.interop;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.BundleEntryProto;
import org.tfddpm.spec.BadInput;

/**
 * The index of a TensorFlow checkpoint, PREFIX.index: a table in LevelDB's format from names to
 * what is known of each tensor. TensorFlow's C interface cannot list it.
 */
final class BundleIndex {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int MAGIC_BYTES = 8;

  private final Path file;
  private final ByteBuffer table;
  private final Map<String, BundleEntryProto> entries = new LinkedHashMap<>();

  /** What is done with a row of a block. */
  private interface Row {
    void take(String key, ByteBuffer value) throws InvalidProtocolBufferException;
  }

  /**
   * Reads an index.
   *
   * @param content the file's bytes
   * @throws BadInput if it is none
   */
  BundleIndex(Path file, byte[] content) {
    this.file = file;
    table = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int footer = content.length - FOOTER_BYTES;
      if (footer < 0 || table.getLong(content.length - MAGIC_BYTES) != MAGIC) {
        throw broken(null);
      }
      table.position(footer);
      number(table); // where the block of the table's own notes is,
      number(table); // and its size
      rows(block(table), (key, place) -> rows(block(place), this::add));
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | InvalidProtocolBufferException e) {
      throw broken(e);
    }
  }

  private BadInput broken(@Nullable Exception cause) {
    String message = file + ": no index of a TensorFlow checkpoint, or a broken one";
    return cause == null ? new BadInput(message) : new BadInput(message, cause);
  }

  /** The tensors by name. */
  Map<String, BundleEntryProto> entries() {
    return entries;
  }

  private void add(String name, ByteBuffer value) throws InvalidProtocolBufferException {
    // The empty name stands for the file's own header.
    if (!name.isEmpty()) {
      entries.put(name, BundleEntryProto.parseFrom(value));
    }
  }

  /** The block whose offset and size are next. */
  private ByteBuffer block(ByteBuffer place) {
    long offset = number(place);
    long size = number(place);
    int compression = table.get(Math.toIntExact(offset + size));
    if (compression != 0) { // which TensorFlow never uses here
      throw broken(null);
    }
    return table.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rows, each with as much of the key before as it shares; then where some of them begin. */
  private static void rows(ByteBuffer block, Row row) throws InvalidProtocolBufferException {
    int restarts = block.getInt(block.limit() - Integer.BYTES);
    block.limit(block.limit() - Integer.BYTES * (restarts + 1));
    byte[] key = new byte[0];
    while (block.hasRemaining()) {
      int shared = (int) number(block);
      int more = (int) number(block);
      int length = (int) number(block);
      byte[] next = new byte[Math.addExact(shared, more)];
      System.arraycopy(key, 0, next, 0, shared);
      block.get(next, shared, more);
      key = next;
      row.take(new String(key, StandardCharsets.UTF_8), block.slice(block.position(), length));
      block.position(block.position() + length);
    }
  }

  /** Seven bits a byte, the lowest first; the eighth says that there are more. */
  private static long number(ByteBuffer from) {
    long number = 0;
    int shift = 0;
    byte next;
    do {
      next = from.get();
      number |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0 && shift < Long.SIZE);
    return number;
  }
}
