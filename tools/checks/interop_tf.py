"""The TensorFlow side of tools/checks/interop.sh.

    interop_tf.py make DIR      a checkpoint under the names of hojonathanho/diffusion (TensorFlow 1), DIR/tf1.npz
    interop_tf.py compare DIR   the SavedModels below DIR/export/models against DIR/NAME.npz; makes DIR/own.npz
"""

import math
import pathlib
import sys

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1


class Original:
    """The network of Ho et al. 2020 as their program builds and names it: written after its description."""

    def __init__(self, ch, ch_mult, num_res_blocks, attn_resolutions):
        self.ch, self.ch_mult, self.num_res_blocks, self.attn = ch, ch_mult, num_res_blocks, attn_resolutions

    @staticmethod
    def variable(name, shape, mean=0.0):
        return v1.get_variable(name, shape, initializer=v1.random_normal_initializer(mean, 0.08))

    def linear(self, x, name, width):
        with v1.variable_scope(name):
            kernel = self.variable("W", [x.shape[-1], width])
            return tf.tensordot(x, kernel, 1) + self.variable("b", [width])

    def conv(self, x, name, width, stride=1):
        with v1.variable_scope(name):
            kernel = self.variable("W", [3, 3, x.shape[-1], width])
            return tf.nn.conv2d(x, kernel, stride, "SAME") + self.variable("b", [width])

    def norm(self, x, name, groups=32):
        with v1.variable_scope(name):
            _, height, width, channels = x.shape
            grouped = tf.reshape(x, [-1, height, width, groups, channels // groups])
            mean, variance = tf.nn.moments(grouped, [1, 2, 4], keepdims=True)
            normal = tf.reshape((grouped - mean) * tf.math.rsqrt(variance + 1e-6), tf.shape(x))
            return normal * self.variable("gamma", [channels], 1.0) + self.variable("beta", [channels])

    def block(self, x, name, temb, width):
        with v1.variable_scope(name):
            h = self.conv(tf.nn.swish(self.norm(x, "norm1")), "conv1", width)
            h += self.linear(tf.nn.swish(temb), "temb_proj", width)[:, None, None, :]
            h = self.conv(tf.nn.swish(self.norm(h, "norm2")), "conv2", width)
            return h + (x if x.shape[-1] == width else self.linear(x, "nin_shortcut", width))

    def attend(self, x, name):
        with v1.variable_scope(name):
            _, height, width, channels = x.shape
            h = tf.reshape(self.norm(x, "norm"), [-1, height * width, channels])
            q, k, v = (self.linear(h, part, channels) for part in "qkv")
            h = tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True) * int(channels) ** -0.5), v)
            return x + tf.reshape(self.linear(h, "proj_out", channels), tf.shape(x))

    def level(self, h, i, temb, width):
        h = self.block(h, f"block_{i}", temb, width)
        return self.attend(h, f"attn_{i}") if h.shape[1] in self.attn else h

    def __call__(self, x, t):
        with v1.variable_scope("model"):
            with v1.variable_scope("temb"):
                f = tf.exp(tf.range(self.ch // 2, dtype=tf.float32) * -(math.log(10000) / (self.ch // 2 - 1)))
                angles = tf.cast(t, tf.float32)[:, None] * f[None]
                temb = self.linear(tf.concat([tf.sin(angles), tf.cos(angles)], 1), "dense0", 4 * self.ch)
                temb = self.linear(tf.nn.swish(temb), "dense1", 4 * self.ch)
            levels = len(self.ch_mult)
            hs = [self.conv(x, "conv_in", self.ch)]
            for l in range(levels):
                with v1.variable_scope(f"down_{l}"):
                    for i in range(self.num_res_blocks):
                        hs.append(self.level(hs[-1], i, temb, self.ch * self.ch_mult[l]))
                    if l != levels - 1:
                        with v1.variable_scope("downsample"):
                            hs.append(self.conv(hs[-1], "conv", hs[-1].shape[-1], 2))
            with v1.variable_scope("mid"):
                h = self.block(hs[-1], "block_1", temb, hs[-1].shape[-1])
                h = self.block(self.attend(h, "attn_1"), "block_2", temb, h.shape[-1])
            for l in reversed(range(levels)):
                with v1.variable_scope(f"up_{l}"):
                    for i in range(self.num_res_blocks + 1):
                        h = self.level(tf.concat([h, hs.pop()], -1), i, temb, self.ch * self.ch_mult[l])
                    if l != 0:
                        with v1.variable_scope("upsample"):
                            h = tf.repeat(tf.repeat(h, 2, 1), 2, 2)
                            h = self.conv(tf.ensure_shape(h, [None, hs[-1].shape[1], hs[-1].shape[2], None]),
                                          "conv", self.ch * self.ch_mult[l])
            return self.conv(tf.nn.swish(self.norm(h, "norm_out")), "conv_out", 3)


def make(folder):
    rows = np.random.RandomState(0).randn(3, 32, 32, 3).astype(np.float32)
    steps = np.array([0, 499, 999], np.int32)
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(1)
        x, t = v1.placeholder(tf.float32, [None, 32, 32, 3]), v1.placeholder(tf.int32, [None])
        eps = Original(32, (1, 2, 2, 2), 2, (16,))(x, t)
        weights = v1.trainable_variables()
        average = v1.train.ExponentialMovingAverage(0.5)
        step = v1.train.get_or_create_global_step()
        train = v1.train.AdamOptimizer(1e-3).minimize(tf.reduce_mean(eps**2), step)  # leaves its slots behind
        with tf.control_dependencies([train]):
            train = average.apply(weights)
        session.run(v1.global_variables_initializer())
        session.run(train, {x: rows, t: steps})
        v1.train.Saver().save(session, str(folder / "model.ckpt"), step)
        live = session.run(eps, {x: rows, t: steps})
        session.run([v1.assign(w, average.average(w)) for w in weights])
        averaged = session.run(eps, {x: rows, t: steps})
    assert np.abs(live - averaged).max() > 0.01, "the averages are the weights"
    np.savez(folder / "tf1.npz", x=rows, t=steps, eps=averaged)
    np.savez(folder / "tf1-live.npz", x=rows, t=steps, eps=live)


def compare(folder):
    for model in sorted((folder / "export" / "models").iterdir()):
        name = model.name
        if name.endswith("_sampler"):
            continue
        signature = tf.saved_model.load(str(model / "1")).signatures["eps"]
        if name == "own":
            x = np.random.RandomState(0).randn(3, 8, 8, 1).astype(np.float32)
            inputs = {"x": x, "t": np.array([0, 499, 999], np.int32)}
            np.savez(folder / "own.npz", eps=signature(**{k: tf.constant(v) for k, v in inputs.items()})["eps"], **inputs)
            continue
        golden = np.load(folder / f"{name.removesuffix('-old')}.npz")
        wanted = signature.structured_input_signature[1]
        given = {k: tf.constant(golden[k], wanted[k].dtype) for k in wanted}
        difference = np.abs(signature(**given)["eps"].numpy() - golden["eps"]).max()
        print(f"{name}: eps up to {np.abs(golden['eps']).max():.2f}, largest difference {difference:.1e}")
        assert difference < 1e-4, difference


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
