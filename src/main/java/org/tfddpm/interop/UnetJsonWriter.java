package org.tfddpm.interop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tfddpm.spec.BadInput;
import org.tfddpm.spec.GraphSpec;

/** A U-Net as a UNet2DModel's config.json. */
final class UnetJsonWriter {
  /** The version of diffusers whose fields these are. */
  static final String DIFFUSERS = "0.30.0";

  private final GraphSpec spec;
  private final GraphSpec.Unet unet;
  private final Map<String, Shape> weights;

  /**
   * A U-Net.
   *
   * @param weights shapes of its weights by path
   */
  UnetJsonWriter(GraphSpec spec, Map<String, Shape> weights) {
    this.spec = spec;
    this.unet = spec.getUnet();
    this.weights = weights;
  }

  /**
   * The file's fields.
   *
   * @throws BadInput if there is no such UNet2DModel
   */
  Map<String, Object> fields() {
    if (spec.getCondition().getUpsampling() > 1) {
      throw new BadInput(
          "condition.upsampling is "
              + spec.getCondition().getUpsampling()
              + ": a pipeline of diffusers' has no low-resolution image; allowed is 1");
    }
    GraphSpec.Image image = spec.getImage();
    Shape table = weights.get("label.table");
    Shape out = Objects.requireNonNull(weights.get("conv_out.bias"));
    String resampling = unet.getResidualResampling() ? "resnet" : "conv";
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("_class_name", "UNet2DModel");
    json.put("_diffusers_version", DIFFUSERS);
    json.put("sample_size", List.of(image.getHeight(), image.getWidth()));
    if (image.getHeight() == image.getWidth()) {
      json.put("sample_size", image.getHeight());
    }
    json.put("in_channels", image.getChannels());
    json.put("out_channels", out.get(0));
    json.put("center_input_sample", false);
    json.put("time_embedding_type", "positional");
    json.put("freq_shift", 1);
    json.put("flip_sin_to_cos", false);
    json.put("block_out_channels", widths());
    json.put("down_block_types", blocks(UnetJson.DOWN));
    List<String> up = blocks(UnetJson.UP);
    Collections.reverse(up);
    json.put("up_block_types", up);
    json.put("mid_block_type", "UNetMidBlock2D");
    json.put("mid_block_scale_factor", 1);
    json.put("layers_per_block", unet.getBlocksPerLevel());
    json.put("downsample_padding", 0);
    json.put("downsample_type", resampling);
    json.put("upsample_type", resampling);
    json.put("dropout", unet.getDropout());
    json.put("act_fn", "silu");
    json.put("attention_head_dim", headChannels());
    json.put("norm_num_groups", unet.getGroups());
    json.put("attn_norm_num_groups", unet.getGroups());
    json.put("norm_eps", 1e-6);
    json.put("resnet_time_scale_shift", unet.getScaleShiftNorm() ? "scale_shift" : "default");
    json.put("add_attention", true);
    json.put("class_embed_type", null);
    json.put("num_class_embeds", table == null ? null : table.get(0));
    return json;
  }

  private List<Integer> widths() {
    return unet.getChannelMultipliersList().stream().map(m -> m * unet.getBaseChannels()).toList();
  }

  private boolean attends(int level) {
    return unet.getAttentionResolutionsList().contains(spec.getImage().getHeight() >> level);
  }

  /** The block of each level: plain, attending, resampling within itself. */
  private List<String> blocks(List<String> types) {
    List<String> blocks = new ArrayList<>();
    for (int level = 0; level < unet.getChannelMultipliersCount(); level++) {
      int plain = unet.getResidualResampling() ? 2 : 0;
      blocks.add(types.get(attends(level) ? 1 : plain));
    }
    return blocks;
  }

  /** null for one head, whatever its channels. */
  private @Nullable Integer headChannels() {
    if (unet.getHeadChannels() > 0) {
      return unet.getHeadChannels();
    }
    if (unet.getAttentionHeads() == 1) {
      return null;
    }
    List<Integer> widths = widths();
    int middle = widths.get(widths.size() - 1);
    for (int level = 0; level < widths.size(); level++) {
      if (attends(level) && widths.get(level) != middle) {
        throw new BadInput(
            "unet.attention_heads is "
                + unet.getAttentionHeads()
                + ": diffusers' heads have as many channels everywhere; allowed are 1 and"
                + " unet.head_channels");
      }
    }
    return middle / unet.getAttentionHeads();
  }
}
