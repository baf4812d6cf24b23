"""Makes pictures with an exported model and no diffusion code: python export/client.py [MODELS] [NAME]

Loads MODELS/NAME/N and calls ddim_step in a loop; loads MODELS/NAME_sampler/N and calls
sample_50_png once. Needs tensorflow-cpu, 2.16 or newer.
"""

import pathlib
import sys

import numpy as np
import tensorflow as tf


def newest(folder):
    return str(max((f for f in folder.iterdir() if f.name.isdigit()), key=lambda f: int(f.name)))


def told(signature, rows):
    """For a model with classes: labels 0, 1, ..., with some guidance."""
    all = {"label": tf.range(rows), "guidance": tf.ones([rows])}
    return {name: value for name, value in all.items() if name in signature.structured_input_signature[1]}


def main():
    models = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "export/models")
    name = sys.argv[2] if len(sys.argv) > 2 else "digits"

    core = tf.saved_model.load(newest(models / name)).signatures
    step = core["ddim_step"]
    shape = step.structured_input_signature[1]["x"].shape[1:]
    x = np.random.default_rng(7).standard_normal([4, *shape], "float32")
    times = list(range(980, -1, -20)) + [-1]
    for t, t_prev in zip(times, times[1:]):
        rows = lambda value: tf.constant([value] * 4, tf.int32)
        x = step(x=tf.constant(x), t=rows(t), t_prev=rows(t_prev), **told(step, 4))["x_prev"]
    images = core["to_image"](x=x)["image"]
    for i, image in enumerate(images):
        pathlib.Path(f"step-{i}.png").write_bytes(tf.io.encode_png(image).numpy())

    sampler = tf.saved_model.load(newest(models / f"{name}_sampler")).signatures
    sample = sampler["sample_50_png"]
    seeds, eta = tf.constant([7, 8], tf.int32), tf.constant([0.0, 0.0])
    for seed, png in zip((7, 8), sample(seed=seeds, eta=eta, **told(sample, 2))["png_bytes"]):
        pathlib.Path(f"seed-{seed}.png").write_bytes(png.numpy())


if __name__ == "__main__":
    main()
