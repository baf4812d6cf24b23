package org.tfddpm.serve.value;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TString;

/** Values as TensorFlow's tensors and back. */
public final class Tensors {
  private Tensors() {}

  /** A tensor, which the caller closes. */
  public static Tensor of(Value value) {
    if (value.element() == Element.STRING) {
      NdArray<byte[]> strings = NdArrays.ofObjects(byte[].class, value.shape());
      List<ByteString> content = value.strings();
      int[] next = {0};
      strings.scalars().forEach(s -> s.setObject(content.get(next[0]++).toByteArray()));
      return TString.tensorOfBytes(strings);
    }
    return Tensor.of(
        value.element().tensor(), value.shape(), DataBuffers.of(value.array(), true, false));
  }

  /** A copy of a tensor. */
  public static Value of(Tensor tensor) {
    Element element = Element.of(tensor.dataType());
    if (element == Element.STRING) {
      List<ByteString> strings = new ArrayList<>();
      ((TString) tensor)
          .asBytes()
          .scalars()
          .forEach(s -> strings.add(ByteString.copyFrom(s.getObject())));
      return Value.of(tensor.shape(), strings);
    }
    byte[] bytes = new byte[Math.toIntExact(tensor.shape().size() * element.bytes())];
    if (bytes.length > 0) {
      tensor.asRawTensor().data().copyTo(DataBuffers.of(bytes, false, false), bytes.length);
    }
    return Value.of(element, tensor.shape(), bytes);
  }
}
