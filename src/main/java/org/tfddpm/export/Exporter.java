package org.tfddpm.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tensorflow.proto.MetaGraphDef;
import org.tfddpm.diffusion.AnalyticVariance;
import org.tfddpm.diffusion.schedule.X0Variance;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.run.Calibration;
import org.tfddpm.run.Calibrations;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.Names;
import org.tfddpm.spec.Specs;

/**
 * Writes a checkpoint's averaged weights as two SavedModels, NAME/N and NAME_sampler/N.
 *
 * <p>Each is written to a hidden folder beside its place, loaded from there and compared with the
 * checkpoint, and only then renamed: a server that watches the folder never sees half a model.
 */
public final class Exporter {
  private final Checkpoint checkpoint;
  private final ExportOptions options;
  private final Path core;
  private final Path sampler;
  private final long version;

  /**
   * An export.
   *
   * @throws BadInput if there is that version already
   */
  public Exporter(Checkpoint checkpoint, ExportOptions options) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.core = options.out().resolve(options.name());
    this.sampler = options.out().resolve(options.name() + "_sampler");
    long newest =
        LongStream.concat(
                Versions.of(core).stream().mapToLong(v -> v),
                Versions.of(sampler).stream().mapToLong(v -> v))
            .max()
            .orElse(0);
    this.version = options.version().orElse(newest + 1);
    for (Path model : List.of(core, sampler)) {
      Path place = model.resolve(Long.toString(version));
      if (Files.exists(place)) {
        throw new BadInput("--version " + version + ": " + place + " is there already");
      }
    }
  }

  /**
   * Writes, checks and publishes both models, and gives their folders; a model of which no
   * signature is wanted is left out.
   *
   * @throws BadInput if there is no signature of a name that is wanted
   */
  public List<Path> export() throws IOException {
    Model model = Model.of(checkpoint.info().getSpec());
    Optional<Calibration> calibration = Calibrations.of(checkpoint);
    Map<String, String> assets =
        Map.of(
            ExportedModel.SPEC,
            Specs.print(model.spec()),
            ExportedModel.PROVENANCE,
            Provenance.of(options, checkpoint.info(), calibration),
            "schedule.json",
            ScheduleJson.of(model.schedule()));
    Path coreHidden = hidden(core);
    Path samplerHidden = hidden(sampler);
    try (StoredWeights stored = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED);
        ExportCheck check = new ExportCheck(model, checkpoint, options.precision());
        ServingGraph steps = new ServingGraph(model, frozen(stored));
        SamplerGraph loops =
            new SamplerGraph(
                model,
                frozen(stored),
                options.steps(model.schedule().steps()),
                calibration.map(Exporter::analytic))) {
      Set<String> wanted = wanted(steps.signatures(), loops.signatures());
      MetaGraphDef stepsMeta = SavedModels.of(steps.graph(), steps.signatures());
      SavedModels.write(coreHidden, stepsMeta);
      check.core(coreHidden);
      MetaGraphDef loopsMeta = SavedModels.of(loops.graph(), loops.signatures());
      SavedModels.write(samplerHidden, loopsMeta);
      check.sampler(samplerHidden, options.steps(model.schedule().steps()).get(0));
      List<Path> published = new ArrayList<>();
      if (finish(coreHidden, core, stepsMeta, steps.signatures(), wanted, assets)) {
        published.add(publish(coreHidden, core));
      }
      if (finish(samplerHidden, sampler, loopsMeta, loops.signatures(), wanted, assets)) {
        published.add(publish(samplerHidden, sampler));
      }
      return published;
    } finally {
      discard(coreHidden);
      discard(samplerHidden);
    }
  }

  private FrozenWeights frozen(StoredWeights stored) {
    return new FrozenWeights(stored.byPath(), options.precision());
  }

  private static AnalyticVariance analytic(Calibration calibration) {
    return AnalyticVariance.forSamples(
        new X0Variance(
            calibration.getMeanSquaresList().stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** The signatures that are wanted of all there are. */
  private Set<String> wanted(List<ServingSignature> steps, List<ServingSignature> loops) {
    List<String> known =
        Stream.concat(steps.stream(), loops.stream()).map(ServingSignature::key).toList();
    for (String asked : options.signatures()) {
      if (!known.contains(asked)) {
        throw new BadInput(
            "--signatures "
                + asked
                + ": this model has no such signature"
                + Names.suggest(asked, known));
      }
    }
    return options.signatures().isEmpty()
        ? new HashSet<>(known)
        : new HashSet<>(options.signatures());
  }

  /**
   * Leaves the wanted signatures in a model that was checked with all of them, and puts beside it
   * what servers and people look for. The signature that is taken where none is named stays.
   *
   * @return whether anything of it is wanted
   */
  private boolean finish(
      Path hidden,
      Path model,
      MetaGraphDef meta,
      List<ServingSignature> all,
      Set<String> wanted,
      Map<String, String> assets)
      throws IOException {
    if (all.stream().noneMatch(each -> wanted.contains(each.key()))) {
      return false;
    }
    List<ServingSignature> kept =
        all.stream()
            .filter(
                each -> wanted.contains(each.key()) || each.key().equals(ServingSignature.DEFAULT))
            .toList();
    if (kept.size() < all.size()) {
      Set<String> keys = kept.stream().map(ServingSignature::key).collect(Collectors.toSet());
      SavedModels.write(hidden, Kept.of(meta, keys::contains));
    }
    Files.writeString(hidden.resolve(Batching.FILE), Batching.of(options.batchSizes()));
    Path extra = Files.createDirectory(hidden.resolve("assets.extra"));
    for (Map.Entry<String, String> file : assets.entrySet()) {
      Files.writeString(extra.resolve(file.getKey()), file.getValue());
    }
    Files.write(
        extra.resolve(WarmUp.FILE),
        WarmUp.of(model.getFileName().toString(), kept, options.batchSizes()));
    return true;
  }

  /** Deletes what was not published, and the folder that was made for it. */
  private static void discard(Path hidden) throws IOException {
    Folders.delete(hidden);
    Folders.deleteIfEmpty(Objects.requireNonNull(hidden.getParent()));
  }

  private Path hidden(Path model) throws IOException {
    Files.createDirectories(model);
    Path folder = model.resolve(".writing-" + version);
    Folders.delete(folder);
    return Files.createDirectory(folder);
  }

  private Path publish(Path hidden, Path model) throws IOException {
    Folders.sync(hidden);
    Path place = model.resolve(Long.toString(version));
    return Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
  }
}
