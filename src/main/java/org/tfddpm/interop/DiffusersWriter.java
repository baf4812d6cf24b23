package org.tfddpm.interop;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.run.AtomicFile;
import org.tfddpm.run.Folders;
import org.tfddpm.spec.GraphSpec;

/** Writes a model as the folder of a DDPMPipeline of diffusers. */
public final class DiffusersWriter {
  private static final JSON FILES =
      JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

  private final Map<String, Shape> weights;
  private final Naming naming;
  private final Map<String, Object> unet;
  private final Map<String, Object> scheduler;

  /**
   * A model to be written.
   *
   * @throws org.tfddpm.spec.BadInput if diffusers has no such model; the message names the field
   */
  public DiffusersWriter(GraphSpec spec) {
    weights = ModelSize.weights(Model.of(spec));
    naming = new DiffusersNaming(spec.getUnet().getChannelMultipliersCount());
    unet = new UnetJsonWriter(spec, weights).fields();
    scheduler = SchedulerJson.write(spec.getDiffusion());
  }

  /** Writes the folder beside its place, then renames it. */
  public void write(Path folder, Map<String, TFloat32> values) throws IOException {
    Path place = folder.toAbsolutePath();
    Path hidden = place.resolveSibling("." + place.getFileName() + ".writing");
    Folders.delete(hidden);
    try {
      Files.createDirectories(hidden.resolve("unet"));
      Files.createDirectories(hidden.resolve("scheduler"));
      json(hidden.resolve("model_index.json"), index());
      json(hidden.resolve("scheduler/scheduler_config.json"), scheduler);
      json(hidden.resolve("unet/config.json"), unet);
      tensors(hidden.resolve("unet/diffusion_pytorch_model.safetensors"), values);
      Folders.sync(hidden);
      Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Folders.delete(hidden);
    }
  }

  private static Map<String, Object> index() {
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("_class_name", "DDPMPipeline");
    index.put("_diffusers_version", UnetJsonWriter.DIFFUSERS);
    index.put("scheduler", List.of("diffusers", "DDPMScheduler"));
    index.put("unet", List.of("diffusers", "UNet2DModel"));
    return index;
  }

  private void tensors(Path file, Map<String, TFloat32> values) throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Map<String, String> paths = new LinkedHashMap<>();
    weights.forEach(
        (path, shape) -> {
          String name = naming.names(path).get(0);
          shapes.put(name, naming.layout(path, shape).theirs(shape));
          paths.put(name, path);
        });
    SafetensorsWriter.write(
        file,
        shapes,
        name -> {
          String path = Objects.requireNonNull(paths.get(name), name);
          TFloat32 value = Objects.requireNonNull(values.get(path), path);
          float[] ours = new float[(int) value.shape().size()];
          value.copyTo(DataBuffers.of(ours, false, false));
          return naming.layout(path, value.shape()).toTheirs(ours, value.shape());
        });
  }

  static void json(Path file, Map<String, Object> fields) throws IOException {
    AtomicFile.write(file, FILES.asString(fields) + "\n");
  }
}
