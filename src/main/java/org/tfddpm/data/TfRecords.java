package org.tfddpm.data;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.ParseSingleExample;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tfddpm.spec.BadInput;

/**
 * TFRecord files of tf.train.Example, each with an encoded image (PNG, JPEG, BMP, GIF) as {@code
 * image/encoded} or {@code image}, and maybe a label.
 *
 * <p>Any record is read by its place in its file, so that records are shuffled as freely as images
 * in memory and the position in the data stays one counter.
 */
final class TfRecords implements StreamedSource {
  /** Names under which programs write encoded images. */
  private static final List<String> IMAGE_FEATURES = List.of("image/encoded", "image");

  private final TfRecordIndex index;
  private final String feature;
  private final Labels labels;

  private TfRecords(TfRecordIndex index, String feature, Labels labels) {
    this.index = index;
    this.feature = feature;
    this.labels = labels;
  }

  static Source open(String glob) {
    String source = Place.source("tfrecord", glob);
    TfRecordIndex index = TfRecordIndex.of(source, glob);
    return new TfRecords(
        index, imageFeature(index), Labels.later(() -> TfRecordLabels.of(source, index)));
  }

  @Override
  public long count() {
    return index.count();
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(index.files());
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public List<Operand<?>> arguments(Ops tf) {
    return List.of(
        tf.array(index.files().stream().map(Path::toString).toArray(String[]::new)),
        tf.constant(index.fileOf()),
        tf.constant(index.offsets()));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Operand<TUint8> read(Ops tf, Operand<TInt64> i, List<Operand<?>> arguments) {
    Operand<TString> files = (Operand<TString>) arguments.get(0);
    Operand<TInt32> fileOf = (Operand<TInt32>) arguments.get(1);
    Operand<TInt64> offsets = (Operand<TInt64>) arguments.get(2);
    Operand<TInt32> axis = tf.constant(0);
    Operand<TString> record =
        record(tf, tf.gather(files, tf.gather(fileOf, i, axis), axis), tf.gather(offsets, i, axis));
    ParseSingleExample features =
        tf.io.parseSingleExample(
            record,
            List.<Operand<?>>of(tf.constant("")),
            0L,
            List.of(),
            List.of(feature),
            List.of(),
            List.of(Shape.scalar()));
    Operand<TString> encoded = features.denseValues().get(0).asOutput().expect(TString.class);
    return EncodedImage.decode(tf, encoded);
  }

  /** The record that begins at this byte of the file; its checksum is checked. */
  private static Operand<TString> record(Ops tf, Operand<TString> file, Operand<TInt64> offset) {
    DataType[] types = {DataType.DT_STRING};
    Shape[] shapes = {Shape.scalar()};
    Operand<?> fromThere = tf.data.tfRecordDataset(file, tf.constant(""), tf.constant(0L), offset);
    Output<?> first =
        tf.scope()
            .opBuilder("TakeDataset", "TakeDataset")
            .addInput(fromThere.asOutput())
            .addInput(tf.constant(1L).asOutput())
            .setAttr("output_types", types)
            .setAttr("output_shapes", shapes)
            .build()
            .output(0);
    return tf.scope()
        .opBuilder("DatasetToSingleElement", "DatasetToSingleElement")
        .addInput(first)
        .setAttr("output_types", types)
        .setAttr("output_shapes", shapes)
        .build()
        .<TString>output(0);
  }

  @Override
  public String nameOf(long i) {
    return index.nameOf((int) i);
  }

  private static String imageFeature(TfRecordIndex index) {
    String where = index.fileAt(0) + ": its first record ";
    try {
      Map<String, Feature> features =
          Example.parseFrom(index.read(0)).getFeatures().getFeatureMap();
      return IMAGE_FEATURES.stream()
          .filter(name -> features.containsKey(name) && features.get(name).hasBytesList())
          .findFirst()
          .orElseThrow(
              () ->
                  new BadInput(
                      where
                          + "has no bytes feature named "
                          + String.join(" or ", IMAGE_FEATURES)
                          + "; it has "
                          + String.join(", ", features.keySet().stream().sorted().toList())));
    } catch (InvalidProtocolBufferException e) {
      throw new BadInput(where + "is no tf.train.Example", e);
    } catch (IOException e) {
      throw new BadInput(where + "cannot be read", e);
    }
  }
}
