"""Models of diffusers for tools/checks/interop.sh, and the comparison of what came back.

    interop_torch.py make DIR      saves pipelines with random weights below DIR, and NAME.npz: x, t, eps
    interop_torch.py compare DIR   DIR/diffusers/own against the x, t and eps of DIR/own.npz
"""

import pathlib
import sys

import numpy as np
import torch
from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel
from safetensors.torch import load_file, save_file

# What the published models of google/ddpm-* say of themselves, apart from their sizes.
DDPM = dict(
    in_channels=3, out_channels=3, layers_per_block=2, act_fn="silu", attention_head_dim=None,
    center_input_sample=False, downsample_padding=0, flip_sin_to_cos=False, freq_shift=1, mid_block_scale_factor=1,
    norm_eps=1e-6, norm_num_groups=32, time_embedding_type="positional")

OLDER = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}


def attention_at(level, levels):
    down = ["AttnDownBlock2D" if l == level else "DownBlock2D" for l in range(levels)]
    up = ["AttnUpBlock2D" if l == level else "UpBlock2D" for l in reversed(range(levels))]
    return dict(down_block_types=down, up_block_types=up)


def models():
    yield "cifar10", UNet2DModel(
        sample_size=32, block_out_channels=[128, 256, 256, 256], **attention_at(1, 4), **DDPM), {}
    # ddpm-celebahq-256 and ddpm-church-256 at an eighth of their size: the weights are those of 256x256.
    yield "celebahq", UNet2DModel(
        sample_size=32, block_out_channels=[128, 128, 256, 256, 512, 512], **attention_at(4, 6), **DDPM), {
            "variance_type": "fixed_small"}
    # ADM's layout by label, with a learned variance.
    yield "classes", UNet2DModel(
        sample_size=(32, 16), in_channels=3, out_channels=6, layers_per_block=1, block_out_channels=[32, 64, 64],
        down_block_types=["ResnetDownsampleBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
        up_block_types=["AttnUpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D"], downsample_type="resnet",
        upsample_type="resnet", resnet_time_scale_shift="scale_shift", attn_norm_num_groups=16, norm_num_groups=16,
        num_class_embeds=10, attention_head_dim=16, flip_sin_to_cos=False, freq_shift=1, norm_eps=1e-6), {
            "beta_schedule": "squaredcos_cap_v2", "variance_type": "learned_range"}


def nhwc(x):
    return x.permute(0, 2, 3, 1).numpy()


def make(folder):
    torch.manual_seed(0)
    for name, model, schedule in models():
        model.eval()
        with torch.no_grad():
            for parameter in model.parameters():  # biases and gains, too, which begin at 0 and 1
                parameter.add_(0.02 * torch.randn_like(parameter))
        print(f"{name}: {sum(p.numel() for p in model.parameters()):,} parameters", flush=True)
        place = folder / "theirs" / name
        DDPMPipeline(unet=model, scheduler=DDPMScheduler(**schedule)).save_pretrained(place)
        size = model.config.sample_size
        x = torch.randn(3, 3, *((size, size) if isinstance(size, int) else size))
        t, label = torch.tensor([0, 499, 999]), torch.tensor([0, 9, 3])
        with torch.no_grad():
            eps = model(x, t, **({"class_labels": label} if model.class_embedding else {})).sample[:, :3]
        np.savez(folder / f"{name}.npz", x=nhwc(x), t=t.numpy(), eps=nhwc(eps), label=label.numpy())

    # The published files are flat, and call the layers of attention by older names.
    old = folder / "theirs" / "cifar10-old"
    old.mkdir()
    for file in (folder / "theirs" / "cifar10").glob("*/*.json"):
        (old / file.name).write_text(file.read_text())
    tensors = load_file(folder / "theirs" / "cifar10" / "unet" / "diffusion_pytorch_model.safetensors")
    renamed = {}
    for name, tensor in tensors.items():
        for now, then in OLDER.items():
            name = name.replace(f".{now}.", f".{then}.") if ".attentions." in name else name
        renamed[name] = tensor
    save_file(renamed, old / "diffusion_pytorch_model.safetensors")


def compare(folder):
    own = np.load(folder / "own.npz")
    pipeline = DDPMPipeline.from_pretrained(folder / "diffusers" / "own")
    alone = UNet2DModel.from_pretrained(folder / "diffusers" / "own", subfolder="unet")
    for model in pipeline.unet, alone:
        with torch.no_grad():
            eps = model(torch.tensor(own["x"]).permute(0, 3, 1, 2), torch.tensor(own["t"])).sample
        difference = np.abs(nhwc(eps) - own["eps"]).max()
        assert difference < 1e-4, difference
    print(f"own: eps up to {np.abs(own['eps']).max():.2f}, largest difference {difference:.1e}")
    images = pipeline(num_inference_steps=3, batch_size=2, output_type="np").images
    assert images.shape == (2, 8, 8, 1), images.shape

    # Theirs, in and out again: the same bits.
    for name in "cifar10", "classes":
        file = "unet/diffusion_pytorch_model.safetensors"
        before, after = (load_file(folder / side / name / file) for side in ("theirs", "diffusers"))
        assert before.keys() == after.keys()
        assert all(torch.equal(before[key], after[key]) for key in before), name


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
