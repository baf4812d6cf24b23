package org.tfddpm.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.spec.BadInput;

/** Several safetensors files and the index that says which tensor is in which. */
final class ShardedSafetensors implements TensorFiles {
  private final Path index;
  private final List<Safetensors> files = new ArrayList<>();
  private final Map<String, Safetensors> byName = new LinkedHashMap<>();

  /**
   * Opens the files that an index names.
   *
   * @throws BadInput if one is missing or broken, or two hold a tensor of one name
   */
  ShardedSafetensors(Path index) throws IOException {
    this.index = index;
    try {
      for (Object name : new TreeSet<>(JsonFields.read(index).object("weight_map").values())) {
        add(index.resolveSibling(name.toString()));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new BadInput(index + " names " + path.getFileName() + ": no such file");
    }
    Safetensors file = new Safetensors(path);
    files.add(file);
    for (String name : file.shapes().keySet()) {
      if (byName.put(name, file) != null) {
        throw new BadInput(path + ": " + name + " is in another file, too");
      }
    }
  }

  @Override
  public Path path() {
    return index;
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    files.forEach(file -> shapes.putAll(file.shapes()));
    return shapes;
  }

  @Override
  public float[] read(String name) throws IOException {
    return Objects.requireNonNull(byName.get(name), name).read(name);
  }

  @Override
  public void close() throws IOException {
    for (Safetensors file : files) {
      file.close();
    }
  }
}
