package org.tfddpm.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * A picture that a flag names: PNG, JPEG, BMP or GIF.
 *
 * @param named the flag and the file, for messages
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PictureFile(String named, byte[] encoded) {
  /**
   * Reads the file without looking into it.
   *
   * @throws BadInput if it cannot be read
   */
  public static PictureFile read(String flag, Path file) {
    String named = flag + " " + file;
    return new PictureFile(named, Folders.read(named, file));
  }

  /**
   * Reads files, commas between, or those of a folder, by name.
   *
   * @throws BadInput if one cannot be read, or the folder has none
   */
  public static List<PictureFile> readAll(String flag, String names) {
    Path folder = Path.of(names);
    List<String> files =
        Files.isDirectory(folder)
            ? ImageFolder.files(flag + " " + names, folder)
            : List.of(names.split(",", -1));
    return files.stream().map(file -> read(flag, Path.of(file))).toList();
  }

  /**
   * The picture as the model would see it in training, [H,W,C] in [-1,1]; in the model's channels
   * whatever its own are.
   *
   * @param resize whether one of another size is scaled and cropped
   * @throws BadInput if it is no picture, or of another size where none is resized
   */
  public float[] pixels(GraphSpec.Image size, boolean resize, ConfigProto config) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TString> file = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
      Operand<TUint8> decoded = EncodedImage.decode(tf, file);
      Operand<TFloat32> fitted = Fit.scale(tf, Fit.fit(tf, decoded, size));
      try (Session session = new Session(graph, config);
          TString bytes = TString.tensorOfBytes(NdArrays.scalarOfObject(encoded));
          Result result = run(session.runner().feed(file, bytes), tf.shape(decoded), fitted)) {
        TInt32 shape = (TInt32) result.get(0);
        check(shape.getInt(1), shape.getInt(2), size, resize);
        float[] values = new float[size.getHeight() * size.getWidth() * size.getChannels()];
        ((TFloat32) result.get(1)).copyTo(DataBuffers.of(values, false, false));
        return values;
      }
    }
  }

  private Result run(Session.Runner runner, Operand<TInt32> shape, Operand<TFloat32> fitted) {
    try {
      return runner.fetch(shape).fetch(fitted).run();
    } catch (RuntimeException e) {
      // TensorFlow Java has no common type for what a run throws.
      throw new BadInput(named + ": no picture; allowed are PNG, JPEG, BMP, GIF", e);
    }
  }

  private void check(int height, int width, GraphSpec.Image size, boolean resize) {
    if (!resize && (height != size.getHeight() || width != size.getWidth())) {
      throw new BadInput(
          String.format(
              "%s: height x width is %dx%d, the model's %dx%d; --resize fits it as training does",
              named, height, width, size.getHeight(), size.getWidth()));
    }
  }
}
