package org.tfddpm.cli;

import static org.tfddpm.cli.Command.flag;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.cli.Option;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tfddpm.export.ExportedModel;
import org.tfddpm.model.Model;
import org.tfddpm.model.ModelSize;
import org.tfddpm.run.RunDirectory;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;
import org.tfddpm.spec.Specs;

/** {@code tfddpm inspect}. */
final class InspectCommand implements Command {
  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String sentence() {
    return "Tells what a graph, a run or an exported model is, and what it costs.";
  }

  @Override
  public List<Option> flags() {
    return List.of(
        flag("set", "SECTION.FIELD=VALUE", "overrides a field of a graph; may be repeated"),
        flag("json", "one JSON document"));
  }

  @Override
  public List<String> examples() {
    return List.of("inspect cifar10", "inspect export/models/digits --json");
  }

  @Override
  public int run(Flags flags, Console console) throws IOException {
    List<String> words = flags.words(1);
    if (words.isEmpty()) {
      throw new BadInput(
          "what is to be inspected? allowed are a graph's name or file, a run, a model");
    }
    Path path = Path.of(words.get(0));
    Map<String, Object> facts = new LinkedHashMap<>();
    GraphSpec spec;
    if (ExportedModel.exists(path)) {
      refuse(flags, "model");
      try (ExportedModel model = ExportedModel.open(path)) {
        spec = model.spec();
        facts.put("model", model.folder().toString());
        facts.put("step", model.step());
        facts.put("signatures", signatures(model));
        facts.put("runtimes", model.runtimes());
      }
    } else if (RunDirectory.exists(path)) {
      refuse(flags, "run");
      RunDirectory run = RunDirectory.open(path);
      spec = run.spec();
      facts.put("run", path.toString());
      facts.put(
          "step",
          run.checkpoints().any() ? run.checkpoints().latest(console.err()::println).step() : 0);
    } else {
      spec = Specs.load(words.get(0), flags.texts("set"));
      facts.put("graph", words.get(0));
    }
    size(spec, facts);
    if (flags.has("json")) {
      console.out().println(JSON.std.asString(facts));
    } else {
      facts.forEach((key, value) -> console.out().println(line(key, value)));
      console.out().print("\n" + Specs.print(spec));
    }
    return Main.OK;
  }

  private static void refuse(Flags flags, String what) {
    if (flags.has("set")) {
      throw new BadInput("--set: a " + what + " has its own specification; allowed with a graph");
    }
  }

  private static void size(GraphSpec spec, Map<String, Object> facts) {
    Model model = Model.of(spec);
    ModelSize size = ModelSize.of(model);
    facts.put("name", spec.getName());
    facts.put(
        "image",
        ordered(
            "height", spec.getImage().getHeight(),
            "width", spec.getImage().getWidth(),
            "channels", spec.getImage().getChannels()));
    facts.put("diffusion", ordered("steps", model.schedule().steps()));
    facts.put("parameters", size.parameters());
    facts.put("multiply_adds", size.multiplyAdds());
    facts.put("training_state_bytes", size.trainingStateBytes());
    facts.put("activation_bytes_per_image", size.activationBytes());
  }

  private static Map<String, Object> signatures(ExportedModel model) {
    Map<String, Object> signatures = new LinkedHashMap<>();
    for (Map.Entry<String, SignatureDef> entry : new TreeMap<>(model.signatures()).entrySet()) {
      signatures.put(
          entry.getKey(),
          ordered(
              "inputs", tensors(entry.getValue().getInputsMap()),
              "outputs", tensors(entry.getValue().getOutputsMap())));
    }
    return signatures;
  }

  /** Such as {@code float32 [-1,8,8,1]}, by name. */
  private static Map<String, Object> tensors(Map<String, TensorInfo> infos) {
    Map<String, Object> tensors = new LinkedHashMap<>();
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

  private static String line(String key, Object value) {
    if (value instanceof Map<?, ?> map && map.values().stream().anyMatch(v -> v instanceof Map)) {
      StringBuilder text = new StringBuilder(key).append(":");
      map.forEach((name, inner) -> text.append("\n  ").append(name).append(": ").append(inner));
      return text.toString();
    }
    return key + ": " + value;
  }
}
