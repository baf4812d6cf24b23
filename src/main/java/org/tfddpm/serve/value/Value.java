package org.tfddpm.serve.value;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/**
 * A tensor on the heap, row by row: little-endian bytes, or strings. Not to be changed once made.
 */
public final class Value {
  private final Element element;
  private final Shape shape;
  private final byte[] bytes;
  private final List<ByteString> strings;

  private Value(Element element, Shape shape, byte[] bytes, List<ByteString> strings) {
    this.element = element;
    this.shape = shape;
    this.bytes = bytes;
    this.strings = strings;
  }

  /** Numbers. The bytes are not copied. */
  public static Value of(Element element, Shape shape, byte[] bytes) {
    if (bytes.length != shape.size() * element.bytes()) {
      throw Failure.invalid(
          "%d bytes do not fill a tensor of %s and shape %s",
          bytes.length, Element.name(element.type()), text(shape));
    }
    return new Value(element, shape, bytes, List.of());
  }

  /** Strings. */
  public static Value of(Shape shape, List<ByteString> strings) {
    if (strings.size() != shape.size()) {
      throw Failure.invalid(
          "%d strings do not fill a tensor of shape %s", strings.size(), text(shape));
    }
    return new Value(Element.STRING, shape, new byte[0], List.copyOf(strings));
  }

  /** The type of its elements. */
  public Element element() {
    return element;
  }

  /** Known in all dimensions. */
  public Shape shape() {
    return shape;
  }

  /** The numbers, little endian; empty for strings. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The strings; empty for numbers. */
  public List<ByteString> strings() {
    return strings;
  }

  byte[] array() {
    return bytes;
  }

  /** Its size along the first dimension, which there must be. */
  public long rows() {
    return shape.get(0);
  }

  /** The shape of a row. */
  public Shape row() {
    return shape.tail();
  }

  /** Rows from ... to - 1. */
  public Value slice(int from, int to) {
    if (from == 0 && to == rows()) {
      return this;
    }
    int row = (int) row().size();
    Shape cut = row().prepend(to - from);
    if (element == Element.STRING) {
      return of(cut, strings.subList(from * row, to * row));
    }
    int size = row * element.bytes();
    return of(element, cut, Arrays.copyOfRange(bytes, from * size, to * size));
  }

  /** One below the other; rows of all must be alike. */
  public static Value concat(List<Value> parts) {
    Value first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    long rows = 0;
    int size = 0;
    for (Value part : parts) {
      rows += part.rows();
      size = Math.addExact(size, part.bytes.length);
    }
    Shape shape = first.row().prepend(rows);
    if (first.element == Element.STRING) {
      List<ByteString> all = new ArrayList<>();
      parts.forEach(part -> all.addAll(part.strings));
      return of(shape, all);
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    parts.forEach(part -> all.put(part.bytes));
    return of(first.element, shape, all.array());
  }

  /** A shape as TensorFlow's messages have it, such as {@code [?,8,8,1]}. */
  public static String text(Shape shape) {
    if (shape.isUnknown()) {
      return "<unknown>";
    }
    StringBuilder text = new StringBuilder("[");
    for (long size : shape.asArray()) {
      text.append(text.length() > 1 ? "," : "").append(size < 0 ? "?" : Long.toString(size));
    }
    return text.append("]").toString();
  }
}
