package org.tfddpm.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.GraphSpec.Variance;
import org.tfddpm.spec.Specs;

/**
 * A folder that diffusers has saved: a pipeline's, whose parts are in folders of their own (or, in
 * the oldest ones, all in one), or that of its U-Net alone.
 */
public final class DiffusersFolder {
  private static final String CONFIG = "config.json";
  private static final String SCHEDULER = "scheduler_config.json";
  private static final String WEIGHTS = "diffusion_pytorch_model";

  private final Path unet;
  private final Optional<Path> scheduler;
  private final GraphSpec spec;

  /**
   * Reads the folder's configuration.
   *
   * @param folder as the user names it
   * @param name of the specification
   * @param settings override the specification, all but the network
   * @throws BadInput if it is no such folder or its model cannot be built here
   */
  public DiffusersFolder(Path folder, String name, List<String> settings) {
    if (!Files.isDirectory(folder)) {
      throw new BadInput(folder + ": no such folder");
    }
    unet = Files.isDirectory(folder.resolve("unet")) ? folder.resolve("unet") : folder;
    Path config = unet.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw new BadInput(
          folder + ": no folder of diffusers, it has neither " + CONFIG + " nor unet/" + CONFIG);
    }
    scheduler =
        Stream.of(folder.resolve("scheduler"), folder, folder.resolveSibling("scheduler"))
            .map(place -> place.resolve(SCHEDULER))
            .filter(Files::isRegularFile)
            .findFirst();
    GraphSpec.Builder written = GraphSpec.newBuilder().setName(name);
    written.getDataBuilder().setSource("folder:data/" + name);
    JsonFields json = JsonFields.read(config);
    int outChannels = UnetJson.read(json, written);
    SchedulerJson.read(
        scheduler.map(JsonFields::read).orElseGet(() -> JsonFields.none(folder.resolve(SCHEDULER))),
        written.getDiffusionBuilder());
    for (String setting : settings) {
      if (setting.startsWith("unet.")) {
        throw new BadInput("--set " + setting + ": the network is what " + config + " says");
      }
    }
    spec = Specs.complete(written.build(), config.toString(), settings);
    boolean learned = spec.getDiffusion().getVariance() == Variance.LEARNED_RANGE;
    int expected = (learned ? 2 : 1) * spec.getImage().getChannels();
    if (outChannels != expected) {
      throw json.bad(
          "out_channels",
          outChannels,
          "is " + expected + " with the variance " + spec.getDiffusion().getVariance());
    }
  }

  /** The specification of its model. */
  public GraphSpec spec() {
    return spec;
  }

  /** Where its diffusion process is from; empty if that is diffusers' default. */
  public Optional<Path> scheduler() {
    return scheduler;
  }

  /**
   * Makes it a run.
   *
   * @throws BadInput if there are no usable weights, or not those of the network
   */
  public void importTo(Path run) throws IOException {
    Naming naming = new DiffusersNaming(spec.getUnet().getChannelMultipliersCount());
    try (TensorFiles files = weights();
        ForeignWeights weights =
            new ForeignWeights(files, naming, ModelSize.weights(Model.of(spec)))) {
      ImportedRun.write(run, spec, weights.byPath());
    }
  }

  private TensorFiles weights() throws IOException {
    Path whole = unet.resolve(WEIGHTS + ".safetensors");
    if (Files.isRegularFile(whole)) {
      return new Safetensors(whole);
    }
    Path index = unet.resolve(WEIGHTS + ".safetensors.index.json");
    if (Files.isRegularFile(index)) {
      return new ShardedSafetensors(index);
    }
    List<Path> others;
    try (Stream<Path> files = Files.list(unet)) {
      others = files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
    }
    if (others.size() == 1) {
      return new Safetensors(others.get(0));
    }
    Path pickle = unet.resolve(WEIGHTS + ".bin");
    if (Files.isRegularFile(pickle)) {
      throw new BadInput(
          pickle
              + ": a pickle runs code when it is read; convert it once by python -c \"from diffusers"
              + " import UNet2DModel as M; M.from_pretrained('"
              + unet
              + "', use_safetensors=False).save_pretrained('"
              + unet
              + "')\"");
    }
    throw new BadInput(
        unet
            + ": "
            + (others.isEmpty() ? "no " : "several .safetensors, none of them ")
            + whole.getFileName());
  }
}
