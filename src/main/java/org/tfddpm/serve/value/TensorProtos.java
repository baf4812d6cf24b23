package org.tfddpm.serve.value;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Values as TensorProtos and back: typed fields, in which one value may stand for all, or bytes.
 */
public final class TensorProtos {
  /** TensorFlow's own limit. */
  private static final int MOST_DIMENSIONS = 254;

  private TensorProtos() {}

  /**
   * Reads a message.
   *
   * @param mostBytes of the tensor: a message of a few bytes can ask for any
   * @throws Failure if it is none, or does not fill its shape
   */
  public static Value parse(ByteString message, long mostBytes) {
    try {
      return parse(TensorProto.parseFrom(message), mostBytes);
    } catch (InvalidProtocolBufferException e) {
      throw new Failure(Code.INVALID_ARGUMENT, "a tensor that is no TensorProto", e);
    }
  }

  private static Value parse(TensorProto proto, long mostBytes) {
    Element element = Element.of(proto.getDtype());
    Shape shape = shape(proto.getTensorShape(), mostBytes / Math.max(1, element.bytes()));
    int size = (int) shape.size();
    if (element == Element.STRING) {
      return Value.of(shape, strings(proto, size));
    }
    if (!proto.getTensorContent().isEmpty()) {
      return Value.of(element, shape, proto.getTensorContent().toByteArray());
    }
    ByteBuffer bytes = ByteBuffer.allocate(size * element.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (element) {
      case FLOAT -> fill(size, proto.getFloatValCount(), i -> bytes.putFloat(proto.getFloatVal(i)));
      case DOUBLE ->
          fill(size, proto.getDoubleValCount(), i -> bytes.putDouble(proto.getDoubleVal(i)));
      case HALF, BFLOAT16 ->
          fill(size, proto.getHalfValCount(), i -> bytes.putShort((short) proto.getHalfVal(i)));
      case UINT16 ->
          fill(size, proto.getIntValCount(), i -> bytes.putShort((short) proto.getIntVal(i)));
      case UINT8 -> fill(size, proto.getIntValCount(), i -> bytes.put((byte) proto.getIntVal(i)));
      case INT32 -> fill(size, proto.getIntValCount(), i -> bytes.putInt(proto.getIntVal(i)));
      case INT64 -> fill(size, proto.getInt64ValCount(), i -> bytes.putLong(proto.getInt64Val(i)));
      case BOOL ->
          fill(size, proto.getBoolValCount(), i -> bytes.put((byte) (proto.getBoolVal(i) ? 1 : 0)));
      case STRING -> throw new AssertionError();
    }
    return Value.of(element, shape, bytes.array());
  }

  /** Calls put with 0, 1 ... given - 1 and then with given - 1 again until there are all. */
  private static void fill(int size, int given, IntConsumer put) {
    if (given > size || (given == 0 && size > 0)) {
      throw Failure.invalid("a tensor of %d elements with %d values", size, given);
    }
    for (int i = 0; i < size; i++) {
      put.accept(Math.min(i, given - 1));
    }
  }

  private static List<ByteString> strings(TensorProto proto, int size) {
    List<ByteString> strings = new ArrayList<>();
    fill(size, proto.getStringValCount(), i -> strings.add(proto.getStringVal(i)));
    return strings;
  }

  private static Shape shape(TensorShapeProto proto, long most) {
    if (proto.getUnknownRank() || proto.getDimCount() > MOST_DIMENSIONS) {
      throw Failure.invalid("a tensor whose shape is not known");
    }
    long size = 1;
    long[] sizes = new long[proto.getDimCount()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = proto.getDim(i).getSize();
      if (sizes[i] < 0 || sizes[i] > most) {
        throw tooLarge(sizes[i], most);
      }
      size *= sizes[i];
      if (size > most) {
        throw tooLarge(size, most);
      }
    }
    return Shape.of(sizes);
  }

  private static Failure tooLarge(long size, long most) {
    return Failure.invalid("a tensor of size %d: allowed are 0 ... %d", size, most);
  }

  /** A message with typed fields, as servers write them. */
  public static TensorProto of(Value value) {
    TensorProto.Builder proto = TensorProto.newBuilder().setDtype(value.element().type());
    TensorShapeProto.Builder shape = proto.getTensorShapeBuilder();
    for (long size : value.shape().asArray()) {
      shape.addDimBuilder().setSize(size);
    }
    ByteBuffer bytes = value.bytes();
    while (bytes.hasRemaining()) {
      switch (value.element()) {
        case FLOAT -> proto.addFloatVal(bytes.getFloat());
        case DOUBLE -> proto.addDoubleVal(bytes.getDouble());
        case HALF, BFLOAT16 -> proto.addHalfVal(bytes.getShort() & 0xFFFF);
        case UINT16 -> proto.addIntVal(bytes.getShort() & 0xFFFF);
        case UINT8 -> proto.addIntVal(bytes.get() & 0xFF);
        case INT32 -> proto.addIntVal(bytes.getInt());
        case INT64 -> proto.addInt64Val(bytes.getLong());
        case BOOL -> proto.addBoolVal(bytes.get() != 0);
        case STRING -> throw new AssertionError();
      }
    }
    return proto.addAllStringVal(value.strings()).build();
  }
}
