package org.tfddpm.testing;

import java.util.List;
import java.util.stream.Stream;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;

/** Specifications of models so small that a step takes milliseconds. */
public final class TestSpecs {
  private static final List<String> TINY =
      List.of(
          "unet.base_channels=8",
          "unet.channel_multipliers=1,2",
          "unet.blocks_per_level=1",
          "unet.groups=4",
          "training.batch_size=4",
          "training.steps=6",
          "training.warmup_steps=3",
          "training.checkpoint_every=3",
          "training.sample_every=0",
          "training.log_every=1");

  private TestSpecs() {}

  /** The digits graph with a tiny network. */
  public static GraphSpec tiny(String... settings) {
    return Specs.load("digits", tinySettings(settings));
  }

  /** What makes the digits graph tiny. */
  public static List<String> tinySettings(String... more) {
    return Stream.concat(TINY.stream(), Stream.of(more)).toList();
  }
}
