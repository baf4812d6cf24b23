package org.tfddpm.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.interop.Published.Tensor;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.run.StoredWeights.Kind;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.BadInputs;
import org.tfddpm.testing.Floats;
import org.tfddpm.testing.TestRuns;
import org.tfddpm.testing.Trees;

/** A model that diffusers has saved, see tools/golden/interop.py. */
class DiffusersFolderTest {
  private static final String QUERY = "mid_block.attentions.0.to_q.weight";

  @TempDir Path folder;
  private Published published;
  private Path run;

  @BeforeEach
  void copy() throws IOException {
    published = Published.copy(folder.resolve("published"));
    run = folder.resolve("run");
  }

  @Test
  void equalsTheOtherProgram() throws IOException {
    published.open().importTo(run);
    assertEpsilonIsTheirs();
    Map<String, float[]> live = Runs.weights(run, Kind.LIVE);
    Runs.weights(run, Kind.AVERAGED)
        .forEach((path, values) -> assertArrayEquals(live.get(path), values, path));
  }

  private void assertEpsilonIsTheirs() throws IOException {
    Map<String, Tensor> golden = Published.read(Published.resource("golden.safetensors"));
    Tensor expected = Objects.requireNonNull(golden.get("eps"));
    Tensor given = Objects.requireNonNull(golden.get("x"));
    try (TFloat32 x = Floats.tensor(given.values(), given.shape().asArray());
        TInt32 t = TInt32.vectorOf(3, 371)) {
      float[] epsilon = Runs.epsilon(run, x, t);
      assertTrue(Floats.largestDifference(expected.values(), epsilon) < 2e-5);
    }
  }

  @Test
  void itsSpecificationIsTheirs() {
    GraphSpec spec = published.open().spec();
    assertEquals("small", spec.getName());
    assertEquals(8, spec.getImage().getHeight());
    assertEquals(4, spec.getImage().getWidth());
    assertEquals(List.of(1, 2), spec.getUnet().getChannelMultipliersList());
    assertEquals(List.of(4), spec.getUnet().getAttentionResolutionsList());
    assertEquals(0, spec.getUnet().getHeadChannels());
    assertEquals(400, spec.getDiffusion().getSteps());
    assertEquals(0.03, spec.getDiffusion().getBetaEnd());
    assertEquals(GraphSpec.Variance.BETA, spec.getDiffusion().getVariance());
    assertEquals(GraphSpec.Schedule.LINEAR, spec.getDiffusion().getSchedule());
  }

  @Test
  void flatFoldersAndOlderNamesAreRead() throws IOException {
    published.rename(
        name ->
            name.contains(".attentions.")
                ? name.replace("to_q", "query")
                    .replace("to_k", "key")
                    .replace("to_v", "value")
                    .replace("to_out.0", "proj_attn")
                : name);
    assertFalse(Published.read(published.weights()).containsKey(QUERY));
    Path flat = Files.createDirectory(folder.resolve("flat"));
    for (Path file : List.of(published.config(), published.scheduler(), published.weights())) {
      Files.move(file, flat.resolve(file.getFileName()));
    }
    DiffusersFolder read = new DiffusersFolder(flat, "flat", List.of());
    assertEquals(400, read.spec().getDiffusion().getSteps());
    read.importTo(run);
    assertEpsilonIsTheirs();
  }

  @Test
  void theFolderOfTheNetworkFindsItsScheduler() {
    Path unet = published.folder().resolve("unet");
    GraphSpec spec = new DiffusersFolder(unet, "small", List.of()).spec();
    assertEquals(400, spec.getDiffusion().getSteps());
  }

  @Test
  void shardsAreReadAsOneFile() throws IOException {
    Map<String, Tensor> all = Published.read(published.weights());
    Map<String, Tensor> first = new LinkedHashMap<>();
    Map<String, Tensor> second = new LinkedHashMap<>();
    all.forEach((name, tensor) -> (first.size() < 10 ? first : second).put(name, tensor));
    Files.delete(published.weights());
    Path index =
        published.weights().resolveSibling("diffusion_pytorch_model.safetensors.index.json");
    Published.write(index.resolveSibling("1.safetensors"), first);
    Published.write(index.resolveSibling("2.safetensors"), second);
    Files.writeString(
        index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
    published.open().importTo(run);
    assertEpsilonIsTheirs();

    Files.delete(index.resolveSibling("2.safetensors"));
    String message = BadInputs.messageOf(() -> published.open().importTo(folder.resolve("other")));
    assertEquals(index + " names 2.safetensors: no such file", message);
  }

  /** Fields of config.json, or of scheduler_config.json where there is a slash before the name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 1000,
      value = {
        "_class_name | \"UNet2DConditionModel\" |"
            + " _class_name is \"UNet2DConditionModel\": allowed is \"UNet2DModel\"",
        "down_block_types | [\"DownBlock2D\", \"SkipDownBlock2D\"] |"
            + " down_block_types has SkipDownBlock2D: allowed are DownBlock2D, AttnDownBlock2D,"
            + " ResnetDownsampleBlock2D",
        "up_block_types | [\"UpBlock2D\", \"UpBlock2D\"] |"
            + " up_block_types is [UpBlock2D, UpBlock2D]: allowed is attention where down_block_types"
            + " has it: [DownBlock2D, AttnDownBlock2D]",
        "up_block_types | [\"UpBlock2D\"] |"
            + " up_block_types is [UpBlock2D]: allowed are 2, one for each of block_out_channels",
        "down_block_types | [\"ResnetDownsampleBlock2D\", \"AttnDownBlock2D\"] |"
            + " down_block_types is [ResnetDownsampleBlock2D, AttnDownBlock2D]: allowed is one way of"
            + " resampling everywhere",
        "block_out_channels | [4, 6] |"
            + " block_out_channels is [4, 6]: allowed are multiples of the first",
        "norm_eps | 1e-5 | norm_eps is 1.0E-5: allowed is 1.0E-6",
        "freq_shift | 0 | freq_shift is 0: allowed is 1",
        "flip_sin_to_cos | true | flip_sin_to_cos is true: allowed is false",
        "downsample_padding | 1 | downsample_padding is 1: allowed is 0",
        "center_input_sample | true | center_input_sample is true: allowed is false",
        "act_fn | \"gelu\" | act_fn is \"gelu\": allowed are \"silu\", \"swish\"",
        "time_embedding_type | \"fourier\" |"
            + " time_embedding_type is \"fourier\": allowed is \"positional\"",
        "sample_size | null | sample_size is null: allowed are a whole number, [height,width]",
        "layers_per_block | 0 | layers_per_block is 0: allowed are whole numbers from 1",
        "out_channels | 4 | out_channels is 4: allowed are 3, 6 (a learned variance)",
        "out_channels | 6 | out_channels is 6: allowed is 3 with the variance BETA",
        "num_class_embeds | \"ten\" |"
            + " num_class_embeds is \"ten\": allowed are null (no labels), a whole number",
        "resnet_time_scale_shift | \"scale_shift\" | attn_norm_num_groups is null: allowed is 2",
        "encoder_hid_dim | 7 | encoder_hid_dim is 7: what it does is unknown here",
        "norm_num_groups | 3 | unet.groups is 3: groups must divide the channels of every level, 4,8",
        "/_class_name | \"EDMEulerScheduler\" |"
            + " _class_name is \"EDMEulerScheduler\": allowed are \"DDPMScheduler\","
            + " \"DDIMScheduler\", \"PNDMScheduler\", \"DPMSolverMultistepScheduler\"",
        "/beta_schedule | \"laplace\" |"
            + " beta_schedule is \"laplace\": allowed are linear, scaled_linear, squaredcos_cap_v2,"
            + " sigmoid",
        "/prediction_type | \"flow\" |"
            + " prediction_type is \"flow\": allowed are epsilon, sample, v_prediction",
        "/variance_type | \"learned\" |"
            + " variance_type is \"learned\": allowed are fixed_large, fixed_small, fixed_small_log,"
            + " learned_range",
        "/trained_betas | [0.1, 0.2] | trained_betas is [0.1, 0.2]: allowed is null",
      })
  void whatItCannotBeIsNamed(String field, String value, String message) throws IOException {
    boolean ofScheduler = field.startsWith("/");
    Path file = ofScheduler ? published.scheduler() : published.config();
    Published.set(file, field.substring(ofScheduler ? 1 : 0), value);
    assertEquals(file + ": " + message, BadInputs.messageOf(published::open));
  }

  @Test
  void schedulesAreThoseOfDiffusers() throws IOException {
    Map<String, GraphSpec.Schedule> schedules =
        Map.of(
            "scaled_linear",
            GraphSpec.Schedule.QUADRATIC,
            "squaredcos_cap_v2",
            GraphSpec.Schedule.COSINE,
            "sigmoid",
            GraphSpec.Schedule.SIGMOID);
    for (Map.Entry<String, GraphSpec.Schedule> schedule : schedules.entrySet()) {
      Published.set(published.scheduler(), "beta_schedule", "\"" + schedule.getKey() + "\"");
      assertEquals(schedule.getValue(), published.open().spec().getDiffusion().getSchedule());
    }
    Published.set(published.scheduler(), "prediction_type", "\"v_prediction\"");
    Published.set(published.scheduler(), "rescale_betas_zero_snr", "true");
    GraphSpec.Diffusion diffusion = published.open().spec().getDiffusion();
    assertEquals(GraphSpec.Prediction.V, diffusion.getPrediction());
    assertTrue(diffusion.getZeroTerminalSnr());
  }

  @Test
  void foldersOfOtherThingsAreRefused() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertEquals(
        nowhere + ": no such folder",
        BadInputs.messageOf(() -> new DiffusersFolder(nowhere, "x", List.of())));
    assertEquals(
        folder + ": no folder of diffusers, it has neither config.json nor unet/config.json",
        BadInputs.messageOf(() -> new DiffusersFolder(folder, "x", List.of())));
    assertEquals(
        "--set unet.groups=4: the network is what " + published.config() + " says",
        BadInputs.messageOf(() -> published.open("unet.groups=4")));
    Files.writeString(published.config(), "[1, 2");
    assertEquals(published.config() + ": no JSON object", BadInputs.messageOf(published::open));
  }

  @Test
  void aPickleIsNotRead() throws IOException {
    Path pickle = published.weights().resolveSibling("diffusion_pytorch_model.bin");
    Files.move(published.weights(), pickle);
    String message = BadInputs.messageOf(() -> published.open().importTo(run));
    assertTrue(message.startsWith(pickle + ": a pickle runs code when it is read; convert it"));
    Files.delete(pickle);
    assertEquals(
        pickle.getParent() + ": no diffusion_pytorch_model.safetensors",
        BadInputs.messageOf(() -> published.open().importTo(run)));
  }

  @Test
  void eachWeightHasToBeThereAndNoOther() throws IOException {
    published.rename(
        name -> name.replace("mid_block.attentions.0.to", "mid_block.attentions.1.to"));
    assertRefused("8 tensors are missing, first of them " + QUERY);
    published.rename(
        name -> name.replace("mid_block.attentions.1.to", "mid_block.attentions.0.to"));
    published.rewrite(tensors -> tensors.put("extra", new Tensor(Shape.of(1), new float[1])));
    assertRefused("1 tensor is not of this network, first of them extra");
    published.rewrite(
        tensors -> {
          tensors.remove("extra");
          tensors.put("conv_in.weight", new Tensor(Shape.of(3, 3, 3, 4), new float[108]));
        });
    assertRefused("conv_in.weight is [3, 3, 3, 4]: allowed here is [4, 3, 3, 3]");
    assertEquals("published/", Trees.of(folder).replaceAll(" .*", ""));
  }

  private void assertRefused(String message) {
    assertEquals(
        published.weights() + ": " + message,
        BadInputs.messageOf(() -> published.open().importTo(run)));
    assertFalse(Files.exists(run));
  }

  @Test
  void isTrainedFurther() throws IOException {
    String[] digits = {
      "data.source=bundled:digits", "training.batch_size=4", "training.sample_every=0"
    };
    published.open(digits).importTo(run);
    assertEquals(0, Runs.latest(run).step());
    Map<String, float[]> before = Runs.weights(run, Kind.LIVE);
    TestRuns.proceed(RunDirectory.open(run), 1);
    assertEquals(1, Runs.latest(run).step());
    float[] after = Objects.requireNonNull(Runs.weights(run, Kind.LIVE).get("conv_in.bias"));
    // A first step of Adam moves every weight by the learning rate: the moments were 0.
    double moved =
        Floats.largestDifference(Objects.requireNonNull(before.get("conv_in.bias")), after);
    assertEquals(2e-4, moved, 2e-6);
  }
}
