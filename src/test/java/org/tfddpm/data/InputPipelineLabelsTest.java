package org.tfddpm.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.tfddpm.data.LabelledImages.COUNT;
import static org.tfddpm.data.LabelledImages.SIZE;
import static org.tfddpm.testing.BadInputs.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Batches;

class InputPipelineLabelsTest {
  private static final GraphSpec.Image SAME =
      Batches.size(LabelledImages.HEIGHT, LabelledImages.WIDTH, 3);

  private static final int BATCH = 3;
  private static final int SEED = 4;

  @TempDir Path folder;

  /** From within an epoch on, and again from where it was stopped. */
  @ParameterizedTest
  @EnumSource
  void labelsBelongToTheirImages(LabelledImages kind) throws IOException {
    List<Integer> shown = new ArrayList<>();
    try (Batches batches = labelled(kind.in(folder), 2)) {
      for (int step = 0; step < COUNT; step++) {
        Batches.Labelled batch = batches.nextLabelled();
        List<Integer> images = images(batch.images());
        assertArrayEquals(
            images.stream().mapToInt(LabelledImages::label).toArray(),
            batch.labels(),
            "step " + step);
        shown.addAll(images);
        if (step == 4) {
          batches.restart();
        }
      }
    }
    assertEquals(
        IntStream.range(0, COUNT).boxed().toList(), shown.stream().distinct().sorted().toList());
  }

  /** With and without, and whether they are fetched or not. */
  @ParameterizedTest
  @EnumSource
  void labelsChangeNoImage(LabelledImages kind) throws IOException {
    Source source = kind.in(folder);
    try (Batches without = new Batches(source, SAME, BATCH, SEED, 0);
        Batches with = labelled(source, 0);
        Batches unused = labelled(source, 0)) {
      for (int step = 0; step < 6; step++) {
        float[] expected = without.next();
        assertArrayEquals(expected, with.nextLabelled().images(), "step " + step);
        assertArrayEquals(expected, unused.next(), "step " + step);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FOLDER", "TFRECORD"})
  void aBrokenImageIsReplacedTogetherWithItsLabel(LabelledImages kind) throws IOException {
    Source source = kind.in(folder);
    breakImage(kind, 4);
    try (Batches batches = labelled(source, 0)) {
      List<Integer> shown = new ArrayList<>();
      for (int step = 0; step < COUNT; step++) {
        Batches.Labelled batch = batches.nextLabelled();
        List<Integer> images = images(batch.images());
        assertArrayEquals(
            images.stream().mapToInt(LabelledImages::label).toArray(), batch.labels());
        shown.addAll(images);
      }
      assertEquals(1, batches.warnings().size());
      assertEquals(6, shown.stream().distinct().count());
    }
  }

  @Test
  void labelsAreOneNumberForEachImage() {
    try (Graph graph = new Graph();
        InputPipeline pipeline = pipeline(graph, Source.open("bundled:digits"), true)) {
      assertEquals(Shape.of(BATCH), pipeline.labels().shape());
      assertEquals(Shape.of(BATCH, 8, 8, 1), pipeline.images().shape());
    }
  }

  @Test
  void thereAreNoLabelsUnlessAskedFor() {
    try (Graph graph = new Graph();
        InputPipeline pipeline = pipeline(graph, Source.open("bundled:digits"), false)) {
      assertThrows(IllegalStateException.class, pipeline::labels);
    }
  }

  @Test
  void refusesASourceWithoutLabels() throws IOException {
    Files.write(folder.resolve("0.png"), LabelledImages.png(0));
    try (Graph graph = new Graph()) {
      assertEquals(
          "data source \"folder:"
              + folder
              + "\": no labels: its images are in no sub-folders, of which each would be a class",
          messageOf(() -> pipeline(graph, Source.open("folder:" + folder), true)));
    }
  }

  private static InputPipeline pipeline(Graph graph, Source source, boolean labelled) {
    Ops tf = Ops.create(graph);
    return new InputPipeline(
        tf, source, Batches.size(8, 8, 1), BATCH, SEED, tf.constant(0L), w -> {}, labelled);
  }

  private static Batches labelled(Source source, long from) {
    return new Batches(source, SAME, BATCH, SEED, from, true);
  }

  /** The next image of either source is of another class. */
  private void breakImage(LabelledImages kind, int image) throws IOException {
    if (kind == LabelledImages.FOLDER) {
      Files.writeString(LabelledImages.file(folder, image), "no image");
      return;
    }
    Path file = folder.resolve("a.tfrecord");
    TfRecordIndex index = TfRecordIndex.of("", file.toString());
    byte[] content = Files.readAllBytes(file);
    content[(int) index.offsets()[image] + 40] ^= 1;
    Files.write(file, content);
  }

  private static List<Integer> images(float[] batch) {
    return IntStream.range(0, BATCH).mapToObj(i -> LabelledImages.image(batch[i * SIZE])).toList();
  }
}
