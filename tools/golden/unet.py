#!/usr/bin/env python3
"""Golden numbers for the U-Net, made by an independent program: diffusers' UNet2DModel.

Writes src/test/resources/org/tfddpm/unet/: golden.bin.gz and golden.txt are a small network of the layout
of Ho et al. 2020 with random weights under tfddpm's dotted paths, its input [N,H,W,C], t, and its output
with one and with two attention heads; golden-adm.* one of the layout of Dhariwal & Nichol 2021 with labels.
Also prints the parameter count of the CIFAR-10 network.

    pip install torch diffusers && python tools/golden/unet.py
"""

import gzip
import pathlib

import numpy as np
import torch
from diffusers import UNet2DModel

HERE = pathlib.Path(__file__).resolve().parents[2] / "src/test/resources/org/tfddpm/unet"


def network(base, multipliers, attention_levels, size, groups, head_dim=None):
    levels = range(len(multipliers))
    return UNet2DModel(
        sample_size=size, in_channels=3, out_channels=3, layers_per_block=2,
        block_out_channels=[base * m for m in multipliers], norm_num_groups=groups,
        down_block_types=["AttnDownBlock2D" if l in attention_levels else "DownBlock2D" for l in levels],
        up_block_types=["AttnUpBlock2D" if l in attention_levels else "UpBlock2D" for l in reversed(levels)],
        # What the DDPM layout is: sin before cos, frequencies to 1/10000 inclusive, padding bottom and right.
        time_embedding_type="positional", flip_sin_to_cos=False, freq_shift=1, downsample_padding=0,
        norm_eps=1e-6, attention_head_dim=head_dim)


def adm():
    """Scale and shift by the time, resampling in residual blocks, labels, a learned variance."""
    return UNet2DModel(
        sample_size=(8, 12), in_channels=3, out_channels=6, layers_per_block=1, block_out_channels=[8, 16],
        down_block_types=["ResnetDownsampleBlock2D", "AttnDownBlock2D"],
        up_block_types=["AttnUpBlock2D", "ResnetUpsampleBlock2D"], upsample_type="resnet",
        resnet_time_scale_shift="scale_shift", num_class_embeds=3, norm_num_groups=4, attn_norm_num_groups=4,
        attention_head_dim=4, time_embedding_type="positional", flip_sin_to_cos=False, freq_shift=1,
        norm_eps=1e-6)


def paths(levels):
    """Module names of diffusers and the paths of tfddpm."""
    yield "conv_in", "conv_in"
    yield "time_embedding.linear_1", "time.dense_0"
    yield "time_embedding.linear_2", "time.dense_1"
    yield "class_embedding", "label"
    yield "conv_norm_out", "norm_out"
    yield "conv_out", "conv_out"

    def resnet(theirs, ours):
        for a, b in [("norm1", "norm_0"), ("conv1", "conv_0"), ("time_emb_proj", "time"), ("norm2", "norm_1"),
                     ("conv2", "conv_1"), ("conv_shortcut", "shortcut")]:
            yield f"{theirs}.{a}", f"{ours}.{b}"

    def attention(theirs, ours):
        for a, b in [("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "out")]:
            yield f"{theirs}.{a}", f"{ours}.{b}"

    for b in range(2):
        yield from resnet(f"mid_block.resnets.{b}", f"middle.block_{b}")
    yield from attention("mid_block.attentions.0", "middle.attention")
    for level in range(levels):
        up = levels - 1 - level
        for b in range(3):
            yield from resnet(f"down_blocks.{level}.resnets.{b}", f"down_{level}.block_{b}")
            yield from attention(f"down_blocks.{level}.attentions.{b}", f"down_{level}.attention_{b}")
            yield from resnet(f"up_blocks.{up}.resnets.{b}", f"up_{level}.block_{b}")
            yield from attention(f"up_blocks.{up}.attentions.{b}", f"up_{level}.attention_{b}")
        yield f"down_blocks.{level}.downsamplers.0.conv", f"down_{level}.downsample"
        yield f"up_blocks.{up}.upsamplers.0.conv", f"up_{level}.upsample"
        yield from resnet(f"down_blocks.{level}.downsamplers.0", f"down_{level}.downsample")
        yield from resnet(f"up_blocks.{up}.upsamplers.0", f"up_{level}.upsample")


def weights(model, levels):
    modules = dict(model.named_modules())
    for theirs, ours in paths(levels):
        module = modules.get(theirs)
        if module is None:
            continue
        weight = module.weight.detach().numpy()
        if isinstance(module, torch.nn.Embedding):
            yield f"{ours}.table", weight
            continue
        if isinstance(module, torch.nn.GroupNorm):
            yield f"{ours}.gamma", weight
            yield f"{ours}.beta", module.bias.detach().numpy()
            continue
        if isinstance(module, torch.nn.Conv2d):
            weight = weight.transpose(2, 3, 1, 0)  # OIHW to HWIO
        elif "attention" in ours:
            weight = weight.T[None, None]  # a dense layer over pixels is a 1x1 convolution
        else:
            weight = weight.T
        yield f"{ours}.kernel", weight
        yield f"{ours}.bias", module.bias.detach().numpy()


def randomise(model):
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    for module in model.modules():
        if isinstance(module, torch.nn.GroupNorm):
            torch.nn.init.normal_(module.weight, mean=1.0, std=0.2)


def write(name, model, x, t, more):
    tensors = {f"weight {k}": v for k, v in weights(model, 2)}
    assert sum(v.size for v in tensors.values()) == sum(p.numel() for p in model.parameters())
    tensors["x"] = x.permute(0, 2, 3, 1).numpy()
    tensors["t"] = t.numpy()
    tensors.update(more)
    index, content = [], b""
    for key, value in tensors.items():
        index.append(f"{key} {','.join(map(str, value.shape))}\n")
        content += np.ascontiguousarray(value, "<f4").tobytes()
    (HERE / f"{name}.txt").write_text("".join(index))
    (HERE / f"{name}.bin.gz").write_bytes(gzip.compress(content, mtime=0))


def main():
    cifar10 = network(128, (1, 2, 2, 2), {1}, 32, 32)
    print("CIFAR-10 network:", sum(p.numel() for p in cifar10.parameters()), "parameters")

    torch.manual_seed(0)
    size, multipliers = (16, 12), (1, 2)
    model = network(8, multipliers, {1}, size, 4)
    randomise(model)
    two_heads = network(8, multipliers, {1}, size, 4, head_dim=8)
    two_heads.load_state_dict(model.state_dict())
    x = torch.randn(2, 3, *size)
    t = torch.tensor([3, 871])
    with torch.no_grad():
        outputs = [m(x, t).sample.permute(0, 2, 3, 1).numpy() for m in (model, two_heads)]

    write("golden", model, x, t, {"output_1_head": outputs[0], "output_2_heads": outputs[1]})
    print("output spread:", outputs[0].std(), "difference of heads:", np.abs(outputs[0] - outputs[1]).max())

    model = adm()
    randomise(model)
    x = torch.randn(2, 3, 8, 12)
    label = torch.tensor([2, 0])
    with torch.no_grad():
        output = model(x, t, class_labels=label).sample.permute(0, 2, 3, 1).numpy()
    write("golden-adm", model, x, t, {"label": label.numpy(), "output": output})


if __name__ == "__main__":
    main()
