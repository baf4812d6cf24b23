package org.tfddpm.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TString;
import org.tfddpm.diffusion.AnalyticVariance;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.diffusion.schedule.X0Variance;
import org.tfddpm.model.Model;
import org.tfddpm.run.Calibration;
import org.tfddpm.run.Calibrations;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Images;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.Method;
import org.tfddpm.sample.Settings;
import org.tfddpm.sample.Wanted;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.Pixels8;
import org.tfddpm.testing.TestRuns;

/** The sampler model of a calibrated run: its pictures are those of the command {@code sample}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportedSamplerTest {
  private static final int T = 60;
  private static final int PIXELS = 8 * 8;
  private static final GraphSpec SPEC = TestRuns.fastLearning("diffusion.steps=" + T);

  /** E||epsilonHat||^2 a dimension, of no network but of a plausible fall. */
  private static final double[] MEAN_SQUARES =
      IntStream.range(0, T).mapToDouble(t -> 0.3 + 0.69 * t / T).toArray();

  private Checkpoint checkpoint;
  private SavedModelBundle sampler;

  @BeforeAll
  void export(@TempDir Path folder) throws IOException {
    checkpoint = TestRuns.train(folder.resolve("run"), SPEC).checkpoints().latest(warning -> {});
    Calibrations.write(
        checkpoint,
        Calibration.newBuilder()
            .setSamples(1)
            .setSeed(0)
            .addAllMeanSquares(DoubleStream.of(MEAN_SQUARES).boxed().toList())
            .build());
    List<Path> models = new Exporter(checkpoint, ExportOptions.of(folder, "tiny", "1")).export();
    sampler = SavedModelBundle.load(models.get(1).toString(), "serve");
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  @Test
  void hasAllLengthsAndMethods() {
    TreeSet<String> expected =
        Stream.of(
                "sample_10",
                "sample_10_analytic",
                "sample_10_fast",
                "sample_50",
                "sample_50_analytic",
                "sample_50_fast",
                "sample_" + T)
            .flatMap(key -> Stream.of(key, key + "_png"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        expected,
        sampler.signatures().stream()
            .map(signature -> signature.key())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** What {@code sample --seed 7} makes is what the sampler model gives for seed 7. */
  @Test
  void sampleIsTheCommandsPicture() {
    for (float eta : new float[] {0, 0.5f}) {
      Method method = eta == 0 ? Method.DDIM_DETERMINISTIC : Method.DDIM;
      Images expected = command(method, 50, eta, Settings.of(method));
      Pixels8.assertSame(expected, sample("sample_50", new int[] {7, 8, 9}, eta));
      // Other neighbours, another order.
      Images shuffled = sample("sample_50", new int[] {1, 9, 4, 7}, eta);
      Pixels8.assertSame(Pixels8.row(expected, 2), Pixels8.row(shuffled, 1));
      Pixels8.assertSame(Pixels8.row(expected, 0), Pixels8.row(shuffled, 3));
    }
  }

  /** {@code sample --variance analytic}, of DDIM's noise. */
  @Test
  void analyticIsTheCommandsPicture() {
    AnalyticVariance variance = AnalyticVariance.forSamples(new X0Variance(MEAN_SQUARES));
    Images plain = sample("sample_10", new int[] {7, 8, 9}, 0.5f);
    Images given = sample("sample_10_analytic", new int[] {7, 8, 9}, 0.5f);
    Settings settings = Settings.of(Method.DDIM).with(variance);
    Pixels8.assertSame(command(Method.DDIM, 10, 0.5f, settings), given);
    assertTrue(furthest(plain, given) > 8, "the variance shows");
  }

  /** {@code sample --sampler dpmpp_2m}. */
  @Test
  void fastIsTheCommandsPicture() {
    Images plain = sample("sample_10", new int[] {7, 8, 9}, 0f);
    Images given = Calls.sample(sampler, "sample_10_fast", new int[] {7, 8, 9}, null);
    Pixels8.assertSame(command(Method.DPMPP_2M, 10, 0, Settings.of(Method.DPMPP_2M)), given);
    assertTrue(furthest(plain, given) > 2, "of second order, by " + furthest(plain, given));
  }

  @Test
  void pngsHoldTheImages() throws IOException {
    int[] seeds = {3, 4};
    Images images = sample("sample_10", seeds, 0);
    try (Result result =
        Calls.run(sampler, "sample_10_png", Map.of("seed", seeds, "eta", new float[] {0, 0}))) {
      TString pngs = (TString) result.get(0);
      for (int row = 0; row < seeds.length; row++) {
        byte[] png = pngs.asBytes().getObject(row);
        var decoded = ImageIO.read(new ByteArrayInputStream(png));
        int[] expected = Pixels8.unsigned(Pixels8.row(images, row));
        assertArrayEquals(expected, decoded.getRaster().getSamples(0, 0, 8, 8, 0, (int[]) null));
      }
      assertTrue(ByteBuffer.wrap(pngs.asBytes().getObject(0)).getInt() == 0x89504E47);
    }
  }

  /** The pictures of seeds 7, 8 and 9. */
  private Images command(Method method, int steps, float eta, Settings settings) {
    try (StoredWeights weights = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED);
        ImageSampler command =
            new ImageSampler(
                Model.of(SPEC),
                weights.byPath(),
                new ImageSampler.Options(method, Spacing.uniform(steps), eta, settings, Wanted.ALL),
                ConfigProto.getDefaultInstance())) {
      return command.sample(7, 3, 3);
    }
  }

  private Images sample(String signature, int[] seeds, float eta) {
    return Calls.sample(sampler, signature, seeds, eta);
  }

  private static int furthest(Images a, Images b) {
    int[] left = Pixels8.unsigned(a);
    int[] right = Pixels8.unsigned(b);
    return IntStream.range(0, 3 * PIXELS).map(i -> Math.abs(left[i] - right[i])).max().orElse(0);
  }
}
