package org.tfddpm.data;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Int64List;
import org.tfddpm.run.TfRecord;
import org.tfddpm.testing.TestImages;

/** Seven images of 4x6 in colour, which tell which they are, with labels in each kind of source. */
enum LabelledImages {
  MEMORY,
  FOLDER,
  TFRECORD;

  static final int COUNT = 7;
  static final int HEIGHT = 4;
  static final int WIDTH = 6;
  static final int SIZE = HEIGHT * WIDTH * 3;

  /** The label of an image is none of another, nor does it grow with the image's number. */
  private static final int[] LABELS = {2, 0, 1, 1, 0, 2, 1};

  /** The source, its files in the folder. */
  Source in(Path folder) throws IOException {
    return switch (this) {
      case MEMORY -> memory();
      case FOLDER -> files(folder);
      case TFRECORD -> records(folder);
    };
  }

  static int label(int image) {
    return LABELS[image];
  }

  /** Which image it is whose first sample this is, from -1 to 1. */
  static int image(float first) {
    return Math.round((first + 1) * 127.5f) / 30;
  }

  /** Sample i of an image. */
  static int pixel(int image, int i) {
    return (30 * image + 13 * i) % 256;
  }

  static byte[] png(int image) {
    return TestImages.png(HEIGHT, WIDTH, 3, (y, x, c) -> pixel(image, (y * WIDTH + x) * 3 + c));
  }

  /** The file of an image, in the sub-folder of its label. */
  static Path file(Path folder, int image) {
    return folder.resolve("class-" + label(image)).resolve(image + ".png");
  }

  private static Source memory() {
    byte[] pixels = new byte[COUNT * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) pixel(i / SIZE, i % SIZE);
    }
    return new MemorySource(
        pixels, COUNT, HEIGHT, WIDTH, 3, Labels.of(List.of("a", "b", "c"), LABELS));
  }

  private static Source files(Path folder) throws IOException {
    for (int i = 0; i < COUNT; i++) {
      Files.createDirectories(file(folder, i).getParent());
      Files.write(file(folder, i), png(i));
    }
    return ImageFolder.open(folder.toString());
  }

  private static Source records(Path folder) throws IOException {
    Path file = folder.resolve("a.tfrecord");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < COUNT; i++) {
        TfRecord.write(out, example(i));
      }
    }
    return TfRecords.open(file.toString());
  }

  private static byte[] example(int image) {
    BytesList bytes = BytesList.newBuilder().addValue(ByteString.copyFrom(png(image))).build();
    Int64List number = Int64List.newBuilder().addValue(label(image)).build();
    Example.Builder example = Example.newBuilder();
    example
        .getFeaturesBuilder()
        .putFeature("image", Feature.newBuilder().setBytesList(bytes).build())
        .putFeature("label", Feature.newBuilder().setInt64List(number).build());
    return example.build().toByteArray();
  }
}
