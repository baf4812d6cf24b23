package org.tfddpm.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/**
 * A UNet2DModel's config.json as a specification. A field that is not there has diffusers' own
 * default; one that the U-Net cannot follow is refused.
 */
final class UnetJson {
  /**
   * Blocks of a level on the way down: one that resamples by a convolution, one that attends and
   * resamples as a field says, one that resamples by a residual block.
   */
  static final List<String> DOWN =
      List.of("DownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D");

  /** The same of the way up. */
  static final List<String> UP = List.of("UpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D");

  private final JsonFields json;

  private UnetJson(JsonFields json) {
    this.json = json;
  }

  /**
   * Reads image, U-Net and classes into a specification.
   *
   * @return its output channels
   * @throws BadInput if the U-Net cannot be what the fields say
   */
  static int read(JsonFields json, GraphSpec.Builder spec) {
    return new UnetJson(json).read(spec);
  }

  private int read(GraphSpec.Builder spec) {
    json.allow("_class_name", null, "UNet2DModel");
    fixed();
    List<Integer> size = size();
    int channels = json.count("in_channels", 3);
    spec.getImageBuilder().setHeight(size.get(0)).setWidth(size.get(1)).setChannels(channels);
    int outChannels = json.count("out_channels", 3);
    if (outChannels != channels && outChannels != 2 * channels) {
      throw json.bad(
          "out_channels",
          outChannels,
          "are " + channels + ", " + 2 * channels + " (a learned variance)");
    }

    GraphSpec.Unet.Builder unet = spec.getUnetBuilder();
    List<Integer> widths = json.counts("block_out_channels", List.of(224, 448, 672, 896));
    int base = widths.get(0);
    unet.setBaseChannels(base);
    for (int width : widths) {
      if (width % base != 0) {
        throw json.bad("block_out_channels", widths, "are multiples of the first");
      }
      unet.addChannelMultipliers(width / base);
    }
    json.allow("time_embedding_dim", null, null, 4 * base);
    unet.setBlocksPerLevel(json.count("layers_per_block", 2));
    unet.setDropout(json.number("dropout", 0));
    blocks(unet, widths.size(), level -> size.get(0) >> level);
    norms(unet);
    Object headChannels = json.take("attention_head_dim", 8);
    if (headChannels instanceof Integer number) {
      unet.setHeadChannels(number);
    } else if (headChannels != null) {
      throw json.bad("attention_head_dim", headChannels, "are null (one head), a whole number");
    }
    Object classes = json.take("num_class_embeds", null);
    if (classes instanceof Integer number) {
      // Whether a row stands for no label, no field says.
      spec.getConditionBuilder().setClasses(number).setLabelDropout(0);
    } else if (classes != null) {
      throw json.bad("num_class_embeds", classes, "are null (no labels), a whole number");
    }
    json.refuseOthers();
    return outChannels;
  }

  /** What our U-Net does in one way only. */
  private void fixed() {
    json.allow("center_input_sample", false, false);
    json.allow("time_embedding_type", "positional", "positional");
    json.allow("flip_sin_to_cos", true, false);
    json.allow("freq_shift", 0, 1);
    json.allow("mid_block_type", "UNetMidBlock2D", "UNetMidBlock2D");
    json.allow("mid_block_scale_factor", 1, 1);
    json.allow("add_attention", true, true);
    json.allow("act_fn", "silu", "silu", "swish");
    json.allow("norm_eps", 1e-5, 1e-6);
    json.allow("class_embed_type", null, (Object) null);
    json.take("num_train_timesteps", null);
  }

  /** Height and width. */
  private List<Integer> size() {
    Object size = json.take("sample_size", null);
    if (size instanceof Integer side) {
      return List.of(side, side);
    }
    if (size instanceof List<?> list
        && list.size() == 2
        && list.get(0) instanceof Integer height
        && list.get(1) instanceof Integer width) {
      return List.of(height, width);
    }
    throw json.bad("sample_size", size, "are a whole number, [height,width]");
  }

  private void norms(GraphSpec.Unet.Builder unet) {
    int groups = json.count("norm_num_groups", 32);
    unet.setGroups(groups);
    String shift = json.text("resnet_time_scale_shift", "default");
    switch (shift) {
      // Without a number of its own the attention of the middle takes the others', ...
      case "default" -> json.allow("attn_norm_num_groups", null, null, groups);
      // ... but here it would have no norm at all.
      case "scale_shift" -> {
        unet.setScaleShiftNorm(true);
        json.allow("attn_norm_num_groups", null, groups);
      }
      default ->
          throw json.bad("resnet_time_scale_shift", shift, "are \"default\", \"scale_shift\"");
    }
  }

  /** Attention and the way of resampling, which have to be the same on the way up. */
  private void blocks(GraphSpec.Unet.Builder unet, int levels, IntFunction<Integer> heightOf) {
    List<String> down = types("down_block_types", DOWN, List.of(0, 1, 1, 1), levels);
    List<String> up = types("up_block_types", UP, List.of(1, 1, 1, 0), levels);
    List<Boolean> residual = new ArrayList<>();
    String downBy = Objects.requireNonNullElse(resampling("downsample_type"), "conv");
    String upBy = Objects.requireNonNullElse(resampling("upsample_type"), "conv");
    for (int level = 0; level < levels; level++) {
      int downType = DOWN.indexOf(down.get(level));
      int upType = UP.indexOf(up.get(levels - 1 - level));
      boolean attends = downType == 1;
      if (attends != (upType == 1)) {
        throw json.bad("up_block_types", up, "is attention where down_block_types has it: " + down);
      }
      if (attends) {
        unet.addAttentionResolutions(heightOf.apply(level));
      }
      if (level + 1 < levels) {
        residual.add(isResidual(downType, downBy));
      }
      if (level > 0) {
        residual.add(isResidual(upType, upBy));
      }
    }
    if (residual.contains(true) && residual.contains(false)) {
      throw json.bad("down_block_types", down, "is one way of resampling everywhere");
    }
    unet.setResidualResampling(residual.contains(true));
    if (residual.contains(false)) {
      json.allow("downsample_padding", 1, 0);
    } else {
      json.take("downsample_padding", null);
    }
  }

  private static boolean isResidual(int type, String asked) {
    return type == 2 || (type == 1 && asked.equals("resnet"));
  }

  private @Nullable String resampling(String field) {
    Object value = json.take(field, "conv");
    if (value == null || value.equals("conv") || value.equals("resnet")) {
      return (String) value;
    }
    throw json.bad(field, value, "are \"conv\", \"resnet\"");
  }

  private List<String> types(String field, List<String> known, List<Integer> absent, int levels) {
    List<String> types = json.texts(field, absent.stream().map(known::get).toList());
    for (String type : types) {
      if (!known.contains(type)) {
        throw new BadInput(
            json.file()
                + ": "
                + field
                + " has "
                + type
                + ": allowed are "
                + String.join(", ", known));
      }
    }
    if (types.size() != levels) {
      throw json.bad(field, types, "are " + levels + ", one for each of block_out_channels");
    }
    return types;
  }
}
