package org.tfddpm.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.spec.GraphSpec;

/** What there is to say of a model: for programs by the names of JSON, for people in words. */
final class Facts {
  private final Map<String, Object> json = new LinkedHashMap<>();
  private final StringBuilder words = new StringBuilder();

  /** A fact that people and programs read alike. */
  Facts say(String name, Object value) {
    json.put(name, value);
    return word(name, String.valueOf(value));
  }

  /** The size of the network that a specification asks for, and what training it takes. */
  Facts size(GraphSpec spec) {
    Model model = Model.of(spec);
    ModelSize size = ModelSize.of(model);
    GraphSpec.Image image = spec.getImage();
    int batch = spec.getTraining().getBatchSize();
    json.put("name", spec.getName());
    json.put(
        "image",
        ordered(
            "height", image.getHeight(),
            "width", image.getWidth(),
            "channels", image.getChannels()));
    if (model.isClassifier()) {
      json.put("classifier", ordered("classes", model.classes(), "names", model.classNames()));
      String names =
          model.classNames().isEmpty() ? "" : ": " + String.join(", ", model.classNames());
      word("classifier", "of noisy images, " + model.classes() + " classes" + names);
    }
    json.put("diffusion", ordered("steps", model.schedule().steps()));
    json.put("parameters", size.parameters());
    json.put("multiply_adds", size.multiplyAdds());
    json.put("training_state_bytes", size.trainingStateBytes());
    json.put("activation_bytes_per_image", size.activationBytes());
    word("image", image.getHeight() + "x" + image.getWidth() + "x" + image.getChannels());
    word("T", model.schedule().steps() + " time steps");
    word("parameters", String.format(Locale.ROOT, "%,d", size.parameters()));
    word("multiply-adds", withUnit(size.multiplyAdds(), "") + " for one image, one time step");
    return word(
        "training",
        withUnit(size.trainingStateBytes(), "B")
            + " for weights, gradients, moments and averages, and at most "
            + withUnit(size.activationBytes() * batch, "B")
            + " for a batch of "
            + batch);
  }

  /** The signatures of a SavedModel. */
  Facts signatures(Map<String, SignatureDef> signatures) {
    Map<String, Object> described = new LinkedHashMap<>();
    words.append("signatures\n");
    for (Map.Entry<String, SignatureDef> entry : new TreeMap<>(signatures).entrySet()) {
      Map<String, String> inputs = tensors(entry.getValue().getInputsMap());
      Map<String, String> outputs = tensors(entry.getValue().getOutputsMap());
      described.put(entry.getKey(), ordered("inputs", inputs, "outputs", outputs));
      words.append(String.format("  %s(%s) -> %s%n", entry.getKey(), list(inputs), list(outputs)));
    }
    json.put("signatures", described);
    return this;
  }

  /** For programs. */
  Map<String, Object> json() {
    return json;
  }

  /** For people. */
  String words() {
    return words.toString();
  }

  private Facts word(String name, String value) {
    words.append(String.format("%-14s %s%n", name, value));
    return this;
  }

  private static String list(Map<String, String> tensors) {
    return String.join(
        ", ", tensors.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
  }

  /** Such as {@code float32 [-1,8,8,1]}, by name. */
  private static Map<String, String> tensors(Map<String, TensorInfo> infos) {
    Map<String, String> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorInfo> entry : new TreeMap<>(infos).entrySet()) {
      List<String> dims = new ArrayList<>();
      for (TensorShapeProto.Dim dim : entry.getValue().getTensorShape().getDimList()) {
        dims.add(String.valueOf(dim.getSize()));
      }
      String type =
          switch (entry.getValue().getDtype()) {
            case DT_FLOAT -> "float32";
            case DT_INT32 -> "int32";
            case DT_UINT8 -> "uint8";
            case DT_STRING -> "string";
            default -> entry.getValue().getDtype().name();
          };
      tensors.put(entry.getKey(), type + " [" + String.join(",", dims) + "]");
    }
    return tensors;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** Such as 6.22 G. */
  private static String withUnit(long value, String unit) {
    String[] prefixes = {"", "k", "M", "G", "T"};
    double scaled = value;
    int prefix = 0;
    while (scaled >= 1000 && prefix < prefixes.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    return String.format(
            Locale.ROOT, prefix == 0 ? "%.0f %s%s" : "%.3g %s%s", scaled, prefixes[prefix], unit)
        .strip();
  }
}
