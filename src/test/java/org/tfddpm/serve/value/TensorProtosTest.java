package org.tfddpm.serve.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/** What a TensorProto means, and how much it may ask for. */
class TensorProtosTest {
  private static final long MOST = 1 << 20;

  private static TensorProto.Builder floats(long... shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(DataType.DT_FLOAT);
    for (long size : shape) {
      tensor.getTensorShapeBuilder().addDimBuilder().setSize(size);
    }
    return tensor;
  }

  private static Value parse(TensorProto.Builder tensor) {
    return TensorProtos.parse(tensor.build().toByteString(), MOST);
  }

  /** The last value stands for all that follow. */
  @Test
  void theLastValueFillsTheShape() {
    Value value = parse(floats(2, 2).addFloatVal(1).addFloatVal(7));
    assertEquals(List.of(1f, 7f, 7f, 7f), TensorProtos.of(value).getFloatValList());
    assertEquals("[2,2]", Value.text(value.shape()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4294967296 4294967296 | a tensor of size 4294967296: allowed are 0 ... 262144",
        "1024 1024 | a tensor of size 1048576: allowed are 0 ... 262144",
        "-1 | a tensor of size -1: allowed are 0 ... 262144",
        "0 4294967296 | a tensor of size 4294967296: allowed are 0 ... 262144",
      })
  void aFewBytesDoNotAskForMuch(String shape, String message) {
    long[] sizes = List.of(shape.split(" ")).stream().mapToLong(Long::parseLong).toArray();
    assertEquals(
        message, assertThrows(Failure.class, () -> parse(floats(sizes).addFloatVal(1))).text());
  }

  @Test
  void tooManyTooFewAndHalfValues() {
    assertEquals(
        "a tensor of 1 elements with 2 values",
        assertThrows(Failure.class, () -> parse(floats(1).addFloatVal(1).addFloatVal(1))).text());
    assertEquals(
        "a tensor of 2 elements with 0 values",
        assertThrows(Failure.class, () -> parse(floats(2))).text());
    assertEquals(
        "7 bytes do not fill a tensor of float and shape [2]",
        assertThrows(
                Failure.class,
                () -> parse(floats(2).setTensorContent(ByteString.copyFrom(new byte[7]))))
            .text());
    assertEquals("[0]", Value.text(parse(floats(0)).shape()));
  }
}
