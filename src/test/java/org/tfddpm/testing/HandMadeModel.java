package org.tfddpm.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * A SavedModel of a few operations, for what servers do with types, shapes and batches.
 *
 * <pre>
 *   serving_default  x float [?]                  -> y = factor x
 *   two              a float [?,2], n int32 [?]   -> sum = a[:,0] + a[:,1] + n, twice = 2 n
 *   types            one of each type [?]         -> the same; text as text and as text_bytes
 *   scalar           s float []                   -> s2 = 2 s
 *   batch            x float [?]                  -> rows int32 [?]: how many rows the run had
 *   gather           i int32 [?]                  -> picked = (10, 20, 30)[i]
 * </pre>
 */
public final class HandMadeModel {
  private static final List<Class<? extends TType>> TYPES =
      List.of(
          TFloat32.class,
          TFloat64.class,
          TInt32.class,
          TInt64.class,
          TUint8.class,
          TBool.class,
          TString.class);

  private HandMadeModel() {}

  /** Writes it into the folder of a version, which is created. */
  public static Path write(Path version, float factor) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      MetaGraphDef.Builder meta = MetaGraphDef.newBuilder();
      meta.getMetaInfoDefBuilder().addTags("serve");

      Operand<TFloat32> x = input(tf, "x", TFloat32.class, Shape.of(-1));
      Operand<TFloat32> y = tf.math.mul(x, tf.constant(factor));
      meta.putSignatureDef("serving_default", signature(Map.of("x", x), Map.of("y", y)));

      Operand<TFloat32> a = input(tf, "a", TFloat32.class, Shape.of(-1, 2));
      Operand<TInt32> n = input(tf, "n", TInt32.class, Shape.of(-1));
      Operand<TFloat32> sum =
          tf.math.add(tf.sum(a, tf.constant(1)), tf.dtypes.cast(n, TFloat32.class));
      Operand<TInt32> twice = tf.math.add(n, n);
      meta.putSignatureDef(
          "two", signature(Map.of("a", a, "n", n), Map.of("sum", sum, "twice", twice)));

      SignatureDef.Builder types = SignatureDef.newBuilder();
      for (Class<? extends TType> type : TYPES) {
        String name = type.getSimpleName().substring(1).toLowerCase(java.util.Locale.ROOT);
        Operand<? extends TType> in = input(tf, name, type, Shape.of(-1));
        Operand<? extends TType> out = tf.identity(in);
        types.putInputs(name, info(in)).putOutputs(name, info(out));
        if (type == TString.class) {
          types.putOutputs("string_bytes", info(out));
        }
      }
      meta.putSignatureDef("types", types.build());

      Operand<TFloat32> s = input(tf, "s", TFloat32.class, Shape.scalar());
      meta.putSignatureDef("scalar", signature(Map.of("s", s), Map.of("s2", tf.math.add(s, s))));

      Operand<TInt32> rows = tf.fill(tf.shape(x), tf.reshape(tf.shape(x), tf.constant(new int[0])));
      Operand<TInt32> shaped = tf.placeholderWithDefault(rows, Shape.of(-1));
      meta.putSignatureDef("batch", signature(Map.of("x", x), Map.of("rows", shaped)));

      Operand<TInt32> i = input(tf, "i", TInt32.class, Shape.of(-1));
      Operand<TFloat32> picked =
          tf.gather(tf.constant(new float[] {10, 20, 30}), i, tf.constant(0));
      meta.putSignatureDef("gather", signature(Map.of("i", i), Map.of("picked", picked)));

      SavedModel model =
          SavedModel.newBuilder()
              .setSavedModelSchemaVersion(1)
              .addMetaGraphs(meta.setGraphDef(graph.toGraphDef()))
              .build();
      Files.createDirectories(version);
      Files.write(version.resolve("saved_model.pb"), model.toByteArray());
      return version;
    }
  }

  private static <T extends TType> Operand<T> input(
      Ops tf, String name, Class<T> type, Shape shape) {
    return tf.withName(name).placeholder(type, Placeholder.shape(shape));
  }

  private static SignatureDef signature(
      Map<String, Operand<?>> inputs, Map<String, Operand<?>> outputs) {
    SignatureDef.Builder signature =
        SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");
    inputs.forEach((name, operand) -> signature.putInputs(name, info(operand)));
    outputs.forEach((name, operand) -> signature.putOutputs(name, info(operand)));
    return signature.build();
  }

  private static TensorInfo info(Operand<?> operand) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : operand.asOutput().shape().asArray()) {
      shape.addDimBuilder().setSize(size);
    }
    return TensorInfo.newBuilder()
        .setName(operand.asOutput().op().name() + ":" + operand.asOutput().index())
        .setDtype(operand.asOutput().dataType())
        .setTensorShape(shape)
        .build();
  }
}
