package org.tfddpm.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.proto.ConfigProto;
import org.tfddpm.diffusion.schedule.Spacing;
import org.tfddpm.evaluate.Bound;
import org.tfddpm.evaluate.Distances;
import org.tfddpm.evaluate.Estimate;
import org.tfddpm.evaluate.Features;
import org.tfddpm.evaluate.Likelihood;
import org.tfddpm.evaluate.Reconstruction;
import org.tfddpm.evaluate.Vectors;
import org.tfddpm.evaluate.report.BoundReport;
import org.tfddpm.evaluate.report.DistanceReport;
import org.tfddpm.evaluate.report.LikelihoodReport;
import org.tfddpm.evaluate.report.ReconstructionReport;
import org.tfddpm.model.Model;
import org.tfddpm.run.Images;
import org.tfddpm.sample.ImageSampler;
import org.tfddpm.sample.LowResolution;
import org.tfddpm.sample.Pixels;
import org.tfddpm.spec.BadInput;

/**
 * Measures a model, metric by metric.
 *
 * @param seeds of pictures, and of the noise on images
 */
record Evaluation(
    Model model,
    TrainedModel trained,
    Comparing.Data data,
    SharedSampling.Seeds seeds,
    ConfigProto config,
    Console console) {
  /** Pictures against the data. */
  DistanceReport distances(ImageSampler.Options options, Features features) {
    Vectors real = data.vectors(features, console);
    Images pictures =
        SharedSampling.pictures(
            model, trained, options.withLow(low()), seeds, config, tally("pictures"));
    Vectors generated = features.of(pictures, tally("features of pictures"));
    return new DistanceReport(
        data.source(),
        features.name(),
        generated.dimension(),
        Distances.between(generated, real),
        Distances.within(real, seeds.count()));
  }

  /** The bound of the chain. */
  BoundReport bound(Bound.Chain chain) {
    Images images = data.some(seeds.count());
    Bound bound =
        Bound.of(
            model,
            trained.weights(),
            images,
            chain,
            seeds.first(),
            new Tally(console, "bound", images.count()),
            config);
    return new BoundReport(data.source(), images.count(), bound);
  }

  /**
   * The likelihood by the probability-flow ODE.
   *
   * @throws BadInput if the last step is noise alone
   */
  LikelihoodReport likelihood(Spacing spacing) {
    if (model.schedule().endsInNoise()) {
      throw new BadInput(
          "--metrics likelihood: the model's last step is noise alone, from where no ODE leads;"
              + " allowed are distances, bound, reconstruction");
    }
    Images images = data.some(seeds.count());
    int[] tau = spacing.timesteps(model.schedule());
    Likelihood likelihood =
        Likelihood.of(
            model,
            trained.weights(),
            images,
            tau,
            seeds.first(),
            new Tally(console, "likelihood", images.count()),
            config);
    return new LikelihoodReport(data.source(), images.count(), tau.length, likelihood);
  }

  /** The errors of encoding and decoding with the numbers of steps of the paper. */
  ReconstructionReport reconstruction() {
    Images images = data.some(seeds.count());
    int most = model.schedule().steps();
    Map<Integer, Estimate> errors = new LinkedHashMap<>();
    Stream.of(10, 20, 50, 100, 200, 500, most)
        .filter(steps -> steps <= most)
        .collect(java.util.stream.Collectors.toCollection(TreeSet::new))
        .forEach(
            steps ->
                errors.put(
                    steps,
                    Reconstruction.error(
                        model,
                        trained.weights(),
                        images,
                        Spacing.uniform(steps).timesteps(model.schedule()),
                        new Tally(console, "reconstruction, S " + steps, images.count()),
                        config)));
    return new ReconstructionReport(data.source(), images.count(), errors);
  }

  /** Low-resolution images of the data, for a model that makes them large. */
  private List<float[]> low() {
    if (model.upsampling() == 1) {
      return List.of();
    }
    Images images = data.some(seeds.count());
    return LowResolution.of(Pixels.signed(images, 0, images.count()), model);
  }

  private Tally tally(String what) {
    return new Tally(console, what, seeds.count());
  }
}
