"""Compares an export, loaded by Python's TensorFlow, with what `tfddpm sample --seed 7` made."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients"))

import numpy as np
import tensorflow as tf
from noise import noise

models, made = pathlib.Path(sys.argv[1]), np.load(sys.argv[2])
core = tf.saved_model.load(str(models / "digits" / "1")).signatures
sampler = tf.saved_model.load(str(models / "digits_sampler" / "1")).signatures
seeds = tf.constant(range(7, 7 + len(made)), tf.int32)
eta = tf.zeros(len(made))

image = sampler["sample_50"](seed=seeds, eta=eta)["image"].numpy()
difference = np.abs(image.astype(int) - made.astype(int))
assert image.shape == made.shape and difference.max() <= 1, difference.max()
assert (difference > 0).mean() < 0.01, (difference > 0).mean()

for png, pixels in zip(sampler["sample_50_png"](seed=seeds, eta=eta)["png_bytes"], image):
    assert np.array_equal(tf.io.decode_png(png).numpy(), pixels)

# The equation of a step (Song et al. 2021, eq. 12), from eps and alpha_bar alone.
x = tf.random.stateless_normal([3, 8, 8, 1], [1, 2])
t, t_prev = tf.constant([999, 500, 0]), tf.constant([979, 0, -1])
eps = core["eps"](x=x, t=t)["eps"].numpy()
assert np.array_equal(eps, core["serving_default"](x=x, t=t)["eps"].numpy())
a, b = (core["alpha_bar"](t=v)["alpha_bar"].numpy().reshape(-1, 1, 1, 1) for v in (t, t_prev))
x0 = (x.numpy() - np.sqrt(1 - a) * eps) / np.sqrt(a)
expected = np.sqrt(b) * x0 + np.sqrt(1 - b) * eps
given = core["ddim_step"](x=x, t=t, t_prev=t_prev)["x_prev"].numpy()
assert np.allclose(given, expected, rtol=1e-4, atol=1e-4), np.abs(given - expected).max()

# 50 single steps from the noise that the contract defines are sample_50 of the same seeds.
x = np.stack([noise(int(seed), 0, made.shape[1:]) for seed in seeds])
times = [int(1000 * i // 50) for i in range(50)][::-1] + [-1]
for t, t_prev in zip(times, times[1:]):
    rows = lambda value: tf.constant([value] * len(x), tf.int32)
    x = core["ddim_step"](x=tf.constant(x), t=rows(t), t_prev=rows(t_prev))["x_prev"].numpy()
stepped = core["to_image"](x=tf.constant(x))["image"].numpy()
difference = np.abs(stepped.astype(int) - image.astype(int))
assert difference.max() <= 1 and (difference > 0).mean() < 0.01, difference.max()
