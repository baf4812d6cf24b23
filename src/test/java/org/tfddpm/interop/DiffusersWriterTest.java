package org.tfddpm.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.run.StoredWeights.Kind;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.testing.BadInputs;
import org.tfddpm.testing.TestSpecs;
import org.tfddpm.testing.Trees;

class DiffusersWriterTest {
  @TempDir Path folder;

  /** Ho's network, one with heads, ADM's with labels. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "diffusion.prediction=v diffusion.variance=beta_tilde",
        "unet.attention_heads=2 diffusion.schedule=cosine",
        "condition.classes=10 condition.label_dropout=0 unet.scale_shift_norm=true"
            + " unet.residual_resampling=true unet.head_channels=4 diffusion.loss=hybrid"
            + " diffusion.variance=learned_range unet.channel_multipliers=1,2,1",
      })
  void ownModelsComeBackBitForBit(String settings) throws IOException {
    GraphSpec spec = TestSpecs.tiny(settings.split(" ", -1));
    Path own = Runs.random(folder.resolve("own"), spec);
    Path out = folder.resolve("out");
    try (StoredWeights stored = StoredWeights.read(Runs.latest(own), Kind.AVERAGED)) {
      new DiffusersWriter(spec).write(out, stored.byPath());
    }
    assertEquals(
        "model_index.json scheduler/ scheduler/scheduler_config.json unet/ unet/config.json"
            + " unet/diffusion_pytorch_model.safetensors",
        Trees.of(out));
    DiffusersFolder read = new DiffusersFolder(out, spec.getName(), List.of());
    read.importTo(folder.resolve("back"));

    assertEquals(withoutHeads(spec), withoutHeads(read.spec()));
    Map<String, float[]> back = Runs.weights(folder.resolve("back"), Kind.LIVE);
    Map<String, float[]> before = Runs.weights(own, Kind.AVERAGED);
    assertEquals(before.keySet(), back.keySet());
    before.forEach((path, values) -> assertArrayEquals(values, back.get(path), path));
  }

  /** What of a specification diffusers keeps; heads come back counted by their channels. */
  private static GraphSpec withoutHeads(GraphSpec spec) {
    GraphSpec.Builder kept = GraphSpec.newBuilder().setImage(spec.getImage());
    kept.setUnet(spec.getUnet().toBuilder().clearAttentionHeads().clearHeadChannels());
    kept.setDiffusion(spec.getDiffusion());
    return kept.build();
  }

  @Test
  void headsAreWrittenByTheirChannels() throws IOException {
    String json = config("unet.attention_heads=2");
    assertEquals(16 / 2, number(json, "attention_head_dim"));
    assertEquals(true, config().contains("\"attention_head_dim\" : null"));
  }

  /** As the labels' table has: a last row stands for none where training has hidden labels. */
  @Test
  void noLabelIsARowOfTheTable() throws IOException {
    assertEquals(11, number(config("condition.classes=10"), "num_class_embeds"));
    assertEquals(
        10,
        number(config("condition.classes=10", "condition.label_dropout=0"), "num_class_embeds"));
  }

  private String config(String... settings) throws IOException {
    GraphSpec spec = TestSpecs.tiny(settings);
    Path out = folder.resolve("config");
    Map<String, Object> fields =
        new UnetJsonWriter(
                spec, org.tfddpm.model.ModelSize.weights(org.tfddpm.model.Model.of(spec)))
            .fields();
    DiffusersWriter.json(out, fields);
    return Files.readString(out);
  }

  private static int number(String json, String field) {
    return Integer.parseInt(json.replaceAll("(?s).*\"" + field + "\" : (\\d+).*", "$1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "condition.upsampling=2 |"
            + " condition.upsampling is 2: a pipeline of diffusers' has no low-resolution image;"
            + " allowed is 1",
        "diffusion.schedule=warmup10 |"
            + " diffusion.schedule is WARMUP10: diffusers knows none such; allowed are LINEAR,"
            + " QUADRATIC, COSINE, SIGMOID",
        "diffusion.prediction=mean |"
            + " diffusion.prediction is MEAN: diffusers knows none such; allowed are EPSILON, X0, V",
        "diffusion.variance=learned_diagonal diffusion.loss=hybrid |"
            + " diffusion.variance is LEARNED_DIAGONAL: diffusers knows none such; allowed are BETA,"
            + " BETA_TILDE, LEARNED_RANGE",
        "unet.attention_heads=2 unet.attention_resolutions=8,4 |"
            + " unet.attention_heads is 2: diffusers' heads have as many channels everywhere;"
            + " allowed are 1 and unet.head_channels",
      })
  void whatDiffusersCannotExpressIsRefused(String settings, String message) {
    GraphSpec spec = TestSpecs.tiny(settings.split(" ", -1));
    assertEquals(message, BadInputs.messageOf(() -> new DiffusersWriter(spec)));
  }
}
