package org.tfddpm.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tfddpm.spec.BadInput;

/** The weights of a network out of another program's files, each found and of the right shape. */
final class ForeignWeights implements AutoCloseable {
  private final Map<String, TFloat32> byPath = new LinkedHashMap<>();

  /**
   * Reads them.
   *
   * @param wanted shapes of the network's weights by path
   * @throws BadInput if one is missing or of another shape, or the files hold others, too
   */
  ForeignWeights(TensorFiles files, Naming naming, Map<String, Shape> wanted) throws IOException {
    Map<String, String> names = names(files, naming, wanted);
    for (Map.Entry<String, Shape> weight : wanted.entrySet()) {
      String path = weight.getKey();
      Shape shape = weight.getValue();
      Layout layout = naming.layout(path, shape);
      float[] values =
          layout.toOurs(files.read(Objects.requireNonNull(names.get(path), path)), shape);
      byPath.put(path, TFloat32.tensorOf(shape, DataBuffers.of(values, true, false)));
    }
  }

  /** What each path's tensor is called, when all is as it should be. */
  private static Map<String, String> names(
      TensorFiles files, Naming naming, Map<String, Shape> wanted) {
    Map<String, Shape> shapes = files.shapes();
    Map<String, String> names = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    Set<String> unused = new LinkedHashSet<>(shapes.keySet());
    unused.removeIf(name -> !naming.isWeight(name));
    for (String path : wanted.keySet()) {
      List<String> known = naming.names(path);
      String name =
          known.stream()
              .filter(shapes::containsKey)
              .findFirst()
              .orElseGet(
                  () -> {
                    missing.add(known.get(0));
                    return known.get(0);
                  });
      names.put(path, name);
      unused.remove(name);
    }
    refuse(files, missing, "missing");
    refuse(files, new ArrayList<>(unused), "not of this network");
    wanted.forEach(
        (path, shape) -> {
          String name = Objects.requireNonNull(names.get(path), path);
          Shape expected = naming.layout(path, shape).theirs(shape);
          if (!expected.equals(shapes.get(name))) {
            throw new BadInput(
                String.format(
                    "%s: %s is %s: allowed here is %s",
                    files.path(), name, shapes.get(name), expected));
          }
        });
    return names;
  }

  private static void refuse(TensorFiles files, List<String> names, String what) {
    if (!names.isEmpty()) {
      String count = names.size() == 1 ? "1 tensor is " : names.size() + " tensors are ";
      throw new BadInput(files.path() + ": " + count + what + ", first of them " + names.get(0));
    }
  }

  /** By path; they live until this is closed. */
  Map<String, TFloat32> byPath() {
    return byPath;
  }

  @Override
  public void close() {
    byPath.values().forEach(TFloat32::close);
  }
}
