#!/usr/bin/env python3
"""A published model as small as can be, made by diffusers.

Writes src/test/resources/org/tfddpm/interop/: ddpm/ is a DDPMPipeline of the layout of google/ddpm-cifar10-32
with random weights in float16, golden.safetensors its input x [N,H,W,C], t, and eps.

    pip install torch diffusers && python tools/golden/interop.py
"""

import pathlib

import torch
from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parents[2] / "src/test/resources/org/tfddpm/interop"


def main():
    torch.manual_seed(0)
    model = UNet2DModel(
        sample_size=(8, 4), in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=[4, 8],
        down_block_types=["DownBlock2D", "AttnDownBlock2D"], up_block_types=["AttnUpBlock2D", "UpBlock2D"],
        attention_head_dim=None, downsample_padding=0, flip_sin_to_cos=False, freq_shift=1, norm_eps=1e-6,
        norm_num_groups=2)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    scheduler = DDPMScheduler(num_train_timesteps=400, beta_end=0.03, variance_type="fixed_large")
    DDPMPipeline(unet=model.half(), scheduler=scheduler).save_pretrained(HERE / "ddpm")
    model.float()
    x, t = torch.randn(2, 3, 8, 4), torch.tensor([3, 371])
    with torch.no_grad():
        eps = model(x, t).sample
    nhwc = [v.permute(0, 2, 3, 1).contiguous() for v in (x, eps)]
    save_file({"x": nhwc[0], "t": t.float(), "eps": nhwc[1]}, HERE / "golden.safetensors")
    print("eps up to", eps.abs().max().item())


if __name__ == "__main__":
    main()
