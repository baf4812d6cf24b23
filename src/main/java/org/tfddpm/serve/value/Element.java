package org.tfddpm.serve.value;

import java.util.Locale;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** The types of elements that TensorFlow Java has tensors for, and their bytes. */
public enum Element {
  FLOAT(DataType.DT_FLOAT, 4, TFloat32.class),
  DOUBLE(DataType.DT_DOUBLE, 8, TFloat64.class),
  HALF(DataType.DT_HALF, 2, TFloat16.class),
  BFLOAT16(DataType.DT_BFLOAT16, 2, TBfloat16.class),
  UINT8(DataType.DT_UINT8, 1, TUint8.class),
  UINT16(DataType.DT_UINT16, 2, TUint16.class),
  INT32(DataType.DT_INT32, 4, TInt32.class),
  INT64(DataType.DT_INT64, 8, TInt64.class),
  BOOL(DataType.DT_BOOL, 1, TBool.class),
  /** Has no bytes of fixed number. */
  STRING(DataType.DT_STRING, 0, TString.class);

  private final DataType type;
  private final int bytes;
  private final Class<? extends TType> tensor;

  Element(DataType type, int bytes, Class<? extends TType> tensor) {
    this.type = type;
    this.bytes = bytes;
    this.tensor = tensor;
  }

  /**
   * The element of a type.
   *
   * @throws Failure UNIMPLEMENTED if there are no tensors of it here
   */
  public static Element of(DataType type) {
    for (Element element : values()) {
      if (element.type == type) {
        return element;
      }
    }
    throw new Failure(Code.UNIMPLEMENTED, "tensors of " + name(type) + " are not supported");
  }

  /** A type as TensorFlow's messages call it, such as {@code float} and {@code int32}. */
  public static String name(DataType type) {
    return type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT);
  }

  /** TensorFlow's name of it. */
  public DataType type() {
    return type;
  }

  /** Of one element; 0 for strings. */
  public int bytes() {
    return bytes;
  }

  Class<? extends TType> tensor() {
    return tensor;
  }
}
