package org.tfddpm.export;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.tfddpm.model.Model;
import org.tfddpm.nn.FrozenWeights;
import org.tfddpm.run.Checkpoints.Checkpoint;
import org.tfddpm.run.Folders;
import org.tfddpm.run.StoredWeights;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;

/**
 * Writes a checkpoint's averaged weights as two SavedModels, NAME/N and NAME_sampler/N.
 *
 * <p>Each is written to a hidden folder beside its place, loaded from there and compared with the
 * checkpoint, and only then renamed: a server that watches the folder never sees half a model.
 */
public final class Exporter {
  private final Checkpoint checkpoint;
  private final Path core;
  private final Path sampler;
  private final long version;
  private final String program;

  /**
   * An export.
   *
   * @param out folder of models
   * @param name of the core model
   * @param asked the version, or the next free one if empty
   * @param program its version, for the provenance
   * @throws BadInput if there is that version already
   */
  public Exporter(
      Checkpoint checkpoint, Path out, String name, OptionalLong asked, String program) {
    this.program = program;
    this.checkpoint = checkpoint;
    this.core = out.resolve(name);
    this.sampler = out.resolve(name + "_sampler");
    long newest =
        LongStream.concat(
                Versions.of(core).stream().mapToLong(v -> v),
                Versions.of(sampler).stream().mapToLong(v -> v))
            .max()
            .orElse(0);
    this.version = asked.orElse(newest + 1);
    for (Path model : List.of(core, sampler)) {
      Path place = model.resolve(Long.toString(version));
      if (Files.exists(place)) {
        throw new BadInput("--version " + version + ": " + place + " is there already");
      }
    }
  }

  /** Writes, checks and publishes both models, and gives their folders. */
  public List<Path> export() throws IOException {
    GraphSpec spec = checkpoint.info().getSpec();
    Model model = Model.of(spec);
    Map<String, String> extra =
        Map.of(
            ExportedModel.SPEC,
            Specs.print(spec),
            ExportedModel.PROVENANCE,
            provenance(spec),
            "schedule.json",
            ScheduleJson.of(model.schedule()));
    Path coreHidden = hidden(core);
    Path samplerHidden = hidden(sampler);
    try (StoredWeights stored = StoredWeights.read(checkpoint, StoredWeights.Kind.AVERAGED)) {
      try (ServingGraph graph = new ServingGraph(model, new FrozenWeights(stored.byPath()))) {
        SavedModels.write(coreHidden, graph.graph(), graph.signatures(), extra);
      }
      try (SamplerGraph graph = new SamplerGraph(model, new FrozenWeights(stored.byPath()))) {
        SavedModels.write(samplerHidden, graph.graph(), graph.signatures(), extra);
      }
      try (ExportCheck check = new ExportCheck(model, checkpoint)) {
        check.core(coreHidden);
        check.sampler(samplerHidden);
      }
      return List.of(publish(coreHidden, core), publish(samplerHidden, sampler));
    } finally {
      Folders.delete(coreHidden);
      Folders.delete(samplerHidden);
    }
  }

  /** Where the weights come from. */
  private String provenance(GraphSpec spec) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("tfddpm", program);
    facts.put("step", checkpoint.step());
    facts.put("data", spec.getData().getSource());
    facts.put("seed", spec.getTraining().getSeed());
    return JSON.std.asString(facts);
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
