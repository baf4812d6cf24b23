package org.tfddpm.interop;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * The names and layouts of diffusers' UNet2DModel, which are PyTorch's.
 *
 * @param levels of the network: diffusers counts those of the way up from the lowest one
 */
record DiffusersNaming(int levels) implements Naming {
  /** Layers of the network itself. */
  private static final Map<String, String> OUTER =
      Map.of(
          "time.dense_0", "time_embedding.linear_1",
          "time.dense_1", "time_embedding.linear_2",
          "label", "class_embedding",
          "norm_out", "conv_norm_out");

  /** Steps of the path to a layer of a block. */
  private static final Map<String, String> INNER =
      Map.ofEntries(
          entry("middle", "mid_block"),
          entry("attention", "attentions.0"),
          entry("downsample", "downsamplers.0"),
          entry("upsample", "upsamplers.0"),
          entry("norm_0", "norm1"),
          entry("conv_0", "conv1"),
          entry("time", "time_emb_proj"),
          entry("norm_1", "norm2"),
          entry("conv_1", "conv2"),
          entry("shortcut", "conv_shortcut"),
          entry("norm", "group_norm"),
          entry("q", "to_q"),
          entry("k", "to_k"),
          entry("v", "to_v"),
          entry("out", "to_out.0"));

  /** Layers of attention before diffusers 0.15, whose names published files still have. */
  private static final Map<String, String> OLDER =
      Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

  @Override
  public List<String> names(String path) {
    int dot = path.lastIndexOf('.');
    String layer = layer(path.substring(0, dot));
    String weight =
        switch (path.substring(dot + 1)) {
          case "bias", "beta" -> ".bias";
          default -> ".weight";
        };
    List<String> names = new ArrayList<>(List.of(layer + weight));
    if (layer.contains(".attentions.")) {
      OLDER.forEach(
          (now, then) -> {
            if (layer.endsWith("." + now)) {
              names.add(layer.substring(0, layer.length() - now.length()) + then + weight);
            }
          });
    }
    return names;
  }

  private String layer(String path) {
    String outer = OUTER.get(path);
    if (outer != null) {
      return outer;
    }
    List<String> steps = new ArrayList<>();
    for (String step : path.split("\\.", -1)) {
      steps.add(step(step));
    }
    // The convolution that resamples; where a residual block does, its layers follow.
    if (path.endsWith(".downsample") || path.endsWith(".upsample")) {
      steps.add("conv");
    }
    return String.join(".", steps);
  }

  private String step(String step) {
    String inner = INNER.get(step);
    if (inner != null) {
      return inner;
    }
    String number = step.substring(step.lastIndexOf('_') + 1);
    return switch (step.substring(0, step.length() - number.length())) {
      case "down_" -> "down_blocks." + number;
      case "up_" -> "up_blocks." + (levels - 1 - Integer.parseInt(number));
      case "block_" -> "resnets." + number;
      case "attention_" -> "attentions." + number;
      default -> step;
    };
  }

  @Override
  public Layout layout(String path, Shape shape) {
    if (!path.endsWith(".kernel")) {
      return Layout.SAME;
    }
    if (shape.numDimensions() == 2) {
      return Layout.OUT_IN;
    }
    return path.contains("attention") ? Layout.PIXEL_OUT_IN : Layout.OUT_IN_HEIGHT_WIDTH;
  }

  @Override
  public boolean isWeight(String name) {
    return true;
  }
}
