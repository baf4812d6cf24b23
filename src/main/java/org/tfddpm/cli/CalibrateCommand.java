package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.data.Source;
import org.tfddpm.evaluate.Examples;
import org.tfddpm.evaluate.MeanSquares;
import org.tfddpm.model.Model;
import org.tfddpm.run.Calibration;
import org.tfddpm.run.Calibrations;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.GraphSpec;

/** {@code tfddpm calibrate}. */
final class CalibrateCommand implements Command {
  private static final int DEFAULT_SAMPLES = 100;

  @Override
  public String name() {
    return "calibrate";
  }

  @Override
  public String sentence() {
    return "Estimates what sampling with --variance analytic goes by, for a checkpoint of a run.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag("run", "DIR", "run directory"),
        flag("checkpoint", "STEP", "which checkpoint of the run (default: the latest)"),
        flag("data", "SOURCE", "images to estimate with (default: those it was trained on)"),
        flag("samples", "N", "how many of them, each at every time step (default 100)"),
        flag("seed", "N", "of the noise (default 0)"),
        flag("device", "auto|cpu|gpu", "where to run (default auto: a GPU where there is one)"));
  }

  @Override
  public List<String> examples() {
    return List.of(
        "calibrate --run runs/digits",
        "calibrate --run runs/fashion-mnist --samples 20 --data idx:fashion-mnist");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    flags.words(0);
    int samples =
        (int) (long) flags.integer("samples", 1, 1_000_000).orElse((long) DEFAULT_SAMPLES);
    int seed = (int) (long) flags.integer("seed", 0, 1000).orElse(0L);
    ConfigProto config = SharedSampling.start(flags, console);
    Checkpoint checkpoint = TrainedModel.checkpoint(flags, console.err()::println);
    GraphSpec spec = checkpoint.info().getSpec();
    TrainedModel.refuseClassifier("--run " + flags.text("run").orElseThrow(), spec);
    Model model = Model.of(spec);
    String data = flags.text("data").orElse(spec.getData().getSource());
    Source source = Source.open(data);
    source.requireClasses(spec, data);
    Examples examples =
        Examples.draw(source, spec.getImage(), samples, console.err()::println, config);
    try (StoredWeights weights = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED);
        MeanSquares estimate = new MeanSquares(model, weights.byPath(), config)) {
      Tally tally = new Tally(console, "time steps", model.schedule().steps());
      double[] meanSquares = estimate.estimate(examples, seed, tally);
      Calibration calibration =
          Calibration.newBuilder()
              .setSamples(examples.count())
              .setSeed(seed)
              .addAllMeanSquares(Arrays.stream(meanSquares).boxed().toList())
              .build();
      console.out().println(Calibrations.write(checkpoint, calibration));
    }
    return Main.OK;
  }
}
