package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.Source;
import org.tfddpm.evaluate.DataImages;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Features;
import org.tfddpm.evaluate.NetworkFeatures;
import org.tfddpm.evaluate.PixelFeatures;
import org.tfddpm.evaluate.ValueRange;
import org.tfddpm.evaluate.Vectors;
import org.tfddpm.run.Images;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** What pictures are compared to, and by what: the flags that evaluate and compare share. */
final class Comparing {
  private Comparing() {}

  static List<Option> flags() {
    return List.of(
        flag("data", "SOURCE", "images to compare to (default: those it was trained on)"),
        flag("data-count", "M", "only so many of them, drawn (default: all)"),
        flag(
            "features",
            "PATH:OUTPUT",
            "by what: output of a frozen graph FILE.pb or of a SavedModel, or a classifier's RUN"
                + " (default: the pixels)"),
        flag(
            "features-range",
            "signed|unit|byte",
            "what a float input of PATH takes: [-1,1], [0,1], 0 ... 255 (default signed)"));
  }

  /** The features that are asked for; to be closed. */
  static Features features(Flags flags, ConfigProto config) {
    ValueRange range = flags.choice("features-range", ValueRange.class).orElse(null);
    if (!flags.has("features")) {
      if (range != null) {
        throw new BadInput("--features-range: allowed with --features PATH:OUTPUT");
      }
      return new PixelFeatures();
    }
    return NetworkFeatures.open(flags.text("features").orElseThrow(), range, config);
  }

  /**
   * Images of the data.
   *
   * @param source as it was named
   */
  record Data(String source, Images images) {
    /** Their features. */
    Vectors vectors(Features features, Console console) {
      return features.of(images, new Tally(console, "features of data", images.count()));
    }

    /** Some of them, drawn, the same ones every time; all if there are fewer. */
    Images some(int count) {
      return DataImages.draw(images, Math.min(count, images.count()));
    }

    /** Reads what --data and --data-count name, fitted to a model's size. */
    static Data read(
        Flags flags, String usual, GraphSpec.Image size, ConfigProto config, Console console) {
      String name = flags.text("data").orElse(usual);
      Source source = Source.open(name);
      long all = Math.min(source.count(), Integer.MAX_VALUE);
      int least = 2 * Distances.FEWEST;
      if (all < least) {
        throw new BadInput(
            "data source \"" + name + "\": holds " + all + " images, needed are " + least);
      }
      int count = (int) (long) flags.integer("data-count", least, all).orElse(all);
      Tally read = new Tally(console, "read", count);
      Images images = DataImages.read(source, size, count, console.err()::println, read, config);
      if (images.count() < least) {
        throw new BadInput(
            "data source \""
                + name
                + "\": "
                + images.count()
                + " images are good, needed are "
                + least);
      }
      return new Data(name, images);
    }
  }
}
