package org.tfddpm.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.device.Device;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.ImageSampler;

/** What other commands share with sample. */
final class SharedSampling {
  /** The flags of sample that say where its pictures come from and what becomes of them. */
  private static final Set<String> OWN =
      Set.of(
          "count",
          "out",
          "force",
          LowResolutionFlag.NAME,
          "from-image",
          "strength",
          "resize",
          "grid",
          "progress",
          "frames",
          "frames-of");

  private SharedSampling() {}

  /** Flags that choose a model, its weights, a sampler, seeds and a device. */
  static List<Option> flags() {
    return new SampleCommand()
        .flags().stream().filter(flag -> !OWN.contains(flag.getLongOpt())).toList();
  }

  /** Flags of sample of these names, in its order. */
  static List<Option> flags(String... names) {
    Set<String> wanted = Set.of(names);
    return new SampleCommand()
        .flags().stream().filter(flag -> wanted.contains(flag.getLongOpt())).toList();
  }

  /** Starts TensorFlow and gives what --device says of its sessions. */
  static ConfigProto start(Flags flags, Console console) {
    console.startTensorFlow();
    return flags.choice("device", Device.class).orElse(Device.AUTO).config();
  }

  /** What they ask for by name, as reports have it. */
  static Map<String, Object> byName(Flags flags, ImageSampler.Options options, Model model) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sampler", flags.text("sampler").orElse("ddim"));
    map.put("steps", options.spacing().timesteps(model.schedule()).length);
    map.put("eta", options.eta());
    map.put("spacing", flags.text("spacing").orElse("uniform"));
    for (Option option : SamplingFlags.options()) {
      String flag = option.getLongOpt();
      flags.text(flag).ifPresent(value -> map.putIfAbsent(flag.replace('-', '_'), value));
    }
    return map;
  }

  /**
   * Pictures of the seeds from first on.
   *
   * @param done is told how many are done
   */
  static Images pictures(
      Model model,
      TrainedModel trained,
      ImageSampler.Options options,
      Seeds seeds,
      ConfigProto config,
      IntConsumer done) {
    try (ImageSampler sampler = new ImageSampler(model, trained.weights(), options, config)) {
      return sampler.sample(seeds.first(), seeds.count(), seeds.batch(), done);
    }
  }

  /**
   * Which pictures are made.
   *
   * @param first seed; they count up
   * @param batch how many at a time
   */
  record Seeds(int first, int count, int batch) {
    private static final int BATCH = 64;

    /** What --count, --batch and --seed say, at least so many pictures. */
    static Seeds of(Flags flags, int least, int usual) {
      int count = (int) (long) flags.integer("count", least, 1_000_000).orElse((long) usual);
      int batch = batch(flags);
      long last = ImageSampler.LAST_SEED - count + 1L;
      int first = (int) (long) flags.integer("seed", 0, last).orElse(0L);
      return new Seeds(first, count, batch);
    }

    /** What --batch says. */
    static int batch(Flags flags) {
      return (int) (long) flags.integer("batch", 1, 65536).orElse((long) BATCH);
    }

    String words() {
      return "seeds " + first + " ... " + (first + count - 1);
    }
  }
}
