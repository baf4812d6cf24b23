package org.tfddpm.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpecsTest {
  @Test
  void bundledGraphsAreThoseOfTheFolder() {
    assertEquals(
        List.of(
            "celeba64",
            "cifar10",
            "cifar10-improved",
            "digits",
            "digits-classes",
            "digits-classifier",
            "digits-upsample",
            "fashion-mnist",
            "fashion-mnist-classes",
            "fashion-mnist-classifier",
            "imagenet64",
            "lsun256",
            "mnist"),
        Specs.bundled());
  }

  @ParameterizedTest
  @MethodSource("org.tfddpm.spec.Specs#bundled")
  void everyBundledGraphIsValidAndNamedByItsFile(String name) {
    assertEquals(name, Specs.load(name, List.of()).getName());
  }

  @ParameterizedTest
  @MethodSource("org.tfddpm.spec.Specs#bundled")
  void printedAndParsedIsTheSame(String name) {
    GraphSpec spec = Specs.load(name, List.of("training.seed=5"));
    assertEquals(spec, Specs.parse(Specs.print(spec), "again", "other", List.of()));
  }

  @Test
  void cifar10IsHosRecipe() {
    GraphSpec spec = Specs.load("cifar10", List.of());
    assertEquals(List.of(1, 2, 2, 2), spec.getUnet().getChannelMultipliersList());
    assertEquals(128, spec.getUnet().getBaseChannels());
    assertEquals(0.1, spec.getUnet().getDropout());
    assertEquals(5000, spec.getTraining().getWarmupSteps());
    assertEquals(0.9999, spec.getTraining().getEmaDecay());
    assertEquals(128, spec.getTraining().getBatchSize());
    assertTrue(spec.getData().getHorizontalFlip());
  }

  @Test
  void resolvedSaysEveryField() {
    GraphSpec spec = Specs.load("digits", List.of());
    Fields.all()
        .filter(path -> !path.field().isRepeated())
        .forEach(path -> assertTrue(Fields.isSet(spec, path), path.toString()));
  }

  @Test
  void settingsOverrideInTheirOrder() {
    GraphSpec spec =
        Specs.load(
            "digits",
            List.of(
                "training.batch_size=3",
                "unet.channel_multipliers=1, 2,4",
                "unet.attention_resolutions=",
                "diffusion.variance=beta_tilde",
                "data.horizontal_flip=TRUE",
                "training.learning_rate=1e-5",
                "training.batch_size=7"));
    assertEquals(7, spec.getTraining().getBatchSize());
    assertEquals(List.of(1, 2, 4), spec.getUnet().getChannelMultipliersList());
    assertEquals(List.of(), spec.getUnet().getAttentionResolutionsList());
    assertEquals(GraphSpec.Variance.BETA_TILDE, spec.getDiffusion().getVariance());
    assertTrue(spec.getData().getHorizontalFlip());
    assertEquals(1e-5, spec.getTraining().getLearningRate());
  }

  @Test
  void aFileIsNamedByItsNameUnlessItSaysOtherwise(@TempDir Path folder) throws IOException {
    String text =
        """
        image { height: 4 width: 4 }
        data { source: "bundled:digits" }
        unet { channel_multipliers: 1 }
        """;
    Path file = Files.writeString(folder.resolve("mine.textproto"), text);
    assertEquals("mine", Specs.load(file.toString(), List.of()).getName());
    Files.writeString(file, "name: \"other\"\n" + text);
    assertEquals("other", Specs.load(file.toString(), List.of()).getName());
    Files.writeString(file, "name: \"../up\"\n" + text);
    var error = assertThrows(BadInput.class, () -> Specs.load(file.toString(), List.of()));
    assertEquals(
        file + ": name is \"../up\": allowed are letters, digits, - _ and .", error.getMessage());
  }

  @Test
  void differencesNameFieldAndBothValues() {
    GraphSpec run =
        Specs.load("digits", List.of("training.batch_size=64", "unet.channel_multipliers=1,2"));
    GraphSpec asked =
        Specs.load(
            "digits",
            List.of("training.steps=9", "training.batch_size=1", "unet.channel_multipliers=1,1"));
    assertEquals(
        List.of(
            "unet.channel_multipliers is 1,2 in the run, 1,1 asked for",
            "training.batch_size is 64 in the run, 1 asked for"),
        Specs.differences(run, asked));
    assertEquals(List.of(), Specs.differences(run, run));
  }

  @Test
  void nearNamesAreSuggestedAndFarOnesListed() {
    List<String> known = List.of("batch_size", "steps");
    assertEquals("; did you mean \"batch_size\"?", Names.suggest("batchsize", known));
    assertEquals("; did you mean \"steps\"?", Names.suggest("STEP", known));
    assertEquals("; known are batch_size, steps", Names.suggest("momentum", known));
  }
}
