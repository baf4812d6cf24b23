package org.tfddpm.interop;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.testing.Trees;

/** A copy of the small model that diffusers has saved (tools/golden/interop.py), to be spoilt. */
record Published(Path folder) {
  /** Copies it into a folder that is not there yet. */
  static Published copy(Path folder) throws IOException {
    Trees.copy(resource("ddpm"), folder);
    return new Published(folder);
  }

  static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(Published.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  Path config() {
    return folder.resolve("unet/config.json");
  }

  Path scheduler() {
    return folder.resolve("scheduler/scheduler_config.json");
  }

  Path weights() {
    return folder.resolve("unet/diffusion_pytorch_model.safetensors");
  }

  /** The model as it is imported. */
  DiffusersFolder open(String... settings) {
    return new DiffusersFolder(folder, "small", List.of(settings));
  }

  /** Sets a field of a JSON file to a value, written as JSON. */
  static void set(Path file, String field, String value) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>(JSON.std.mapFrom(Files.readString(file)));
    fields.put(field, JSON.std.anyFrom(value));
    Files.writeString(file, JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(fields));
  }

  /** Writes the weights under other names. */
  void rename(UnaryOperator<String> name) throws IOException {
    rewrite(
        tensors -> {
          Map<String, Tensor> renamed = new LinkedHashMap<>();
          tensors.forEach((key, value) -> renamed.put(name.apply(key), value));
          tensors.clear();
          tensors.putAll(renamed);
        });
  }

  /** A tensor of a file. */
  static final class Tensor {
    private final Shape shape;
    private final float[] values;

    Tensor(Shape shape, float[] values) {
      this.shape = shape;
      this.values = values;
    }

    Shape shape() {
      return shape;
    }

    float[] values() {
      return values;
    }
  }

  /** Writes the weights with a change. */
  void rewrite(Consumer<Map<String, Tensor>> change) throws IOException {
    Map<String, Tensor> tensors = read(weights());
    change.accept(tensors);
    write(weights(), tensors);
  }

  static Map<String, Tensor> read(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Safetensors in = new Safetensors(file)) {
      for (Map.Entry<String, Shape> entry : in.shapes().entrySet()) {
        tensors.put(entry.getKey(), new Tensor(entry.getValue(), in.read(entry.getKey())));
      }
    }
    return tensors;
  }

  static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    SafetensorsWriter.write(
        file, shapes, name -> Objects.requireNonNull(tensors.get(name)).values());
  }
}
