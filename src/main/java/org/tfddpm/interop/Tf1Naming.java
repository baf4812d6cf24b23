package org.tfddpm.interop;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * The names and layouts of the program of Ho et al. 2020 (hojonathanho/diffusion, models/unet.py).
 *
 * @param averaged whether the averages are meant or the weights themselves
 */
record Tf1Naming(boolean averaged) implements Naming {
  private static final String SCOPE = "model/";
  private static final String AVERAGE = "/ExponentialMovingAverage";

  /** Where a step has another name than ours. */
  private static final Map<String, String> LAYERS =
      Map.ofEntries(
          entry("middle", "mid"),
          entry("attention", "attn_1"),
          entry("downsample", "downsample/conv"),
          entry("upsample", "upsample/conv"),
          entry("norm_0", "norm1"),
          entry("conv_0", "conv1"),
          entry("time", "temb_proj"),
          entry("norm_1", "norm2"),
          entry("conv_1", "conv2"),
          entry("shortcut", "nin_shortcut"),
          entry("out", "proj_out"),
          entry("kernel", "W"),
          entry("bias", "b"));

  @Override
  public List<String> names(String path) {
    List<String> steps = new ArrayList<>();
    String before = "";
    for (String step : path.split("\\.", -1)) {
      steps.add(step(before, step));
      before = step;
    }
    return List.of(SCOPE + String.join("/", steps) + (averaged ? AVERAGE : ""));
  }

  private static String step(String before, String step) {
    if (before.isEmpty() && step.equals("time")) {
      return "temb";
    }
    // The blocks of the middle are counted from 1.
    if (before.equals("middle") && step.startsWith("block_")) {
      return step.equals("block_0") ? "block_1" : "block_2";
    }
    if (step.startsWith("dense_") || step.startsWith("attention_")) {
      return step.replace("dense_", "dense").replace("attention_", "attn_");
    }
    return LAYERS.getOrDefault(step, step);
  }

  @Override
  public Layout layout(String path, Shape shape) {
    boolean pixel = path.contains("attention") || path.endsWith(".shortcut.kernel");
    return pixel && shape.numDimensions() == 4 ? Layout.PIXEL_IN_OUT : Layout.SAME;
  }

  @Override
  public boolean isWeight(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return name.startsWith(SCOPE)
        && (averaged ? name.endsWith(AVERAGE) : List.of("W", "b", "gamma", "beta").contains(last));
  }
}
