#!/usr/bin/env python3
"""Golden numbers for the distances between sets of features, by numpy and scipy.

Writes src/test/resources/org/tfddpm/evaluate/distances.txt: name, value. The vectors come from whole
numbers, so that the test can make them too.

    pip install numpy scipy && python tools/golden/distances.py
"""

import pathlib

import numpy as np
import scipy.linalg

FILE = pathlib.Path(__file__).resolve().parents[2] / "src/test/resources/org/tfddpm/evaluate/distances.txt"


def vectors(count, dimension, salt):
    i, j = np.mgrid[:count, :dimension]
    return (((i * 7919 + j * 104729 + i * i * j * salt) % 1009) / 1009).astype(np.float32).astype(np.float64)


class JavaRandom:
    """java.util.Random(0).nextInt(bound), as its documentation defines it."""

    def __init__(self):
        self.state = 0x5DEECE66D

    def next_int(self, bound):
        while True:
            self.state = (self.state * 0x5DEECE66D + 0xB) % 2**48
            bits = self.state >> 17
            if bound & (bound - 1) == 0:
                return bound * bits >> 31
            if bits - bits % bound + bound - 1 < 2**31:
                return bits % bound


def draw(x, count):
    rows, random = list(range(len(x))), JavaRandom()
    for left in range(len(x), 1, -1):
        drawn = random.next_int(left)
        rows[left - 1], rows[drawn] = rows[drawn], rows[left - 1]
    return x[rows[:count]]


def frechet(x, y):
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = scipy.linalg.sqrtm(a @ b).real
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a + b - 2 * root)


def discrepancy(x, y):
    m, d = x.shape
    kernel = lambda a, b: (a @ b.T / d + 1) ** 3
    off = ~np.eye(m, dtype=bool)
    return kernel(x, x)[off].mean() + kernel(y, y)[off].mean() - 2 * kernel(x, y).mean()


def kernel(x, y, parts):
    values = [discrepancy(x[p::parts], y[p::parts]) for p in range(parts)]
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(parts)


def covered(x, y, k=3):
    within = np.sort(np.linalg.norm(y[:, None] - y[None], axis=2), axis=1)[:, k]
    return (np.linalg.norm(x[:, None] - y[None], axis=2) <= within).any(1).mean()


def score(p, splits=10):
    values = []
    for s in range(splits):
        q = p[s::splits]
        values.append(np.exp((q * np.log(q / q.mean(0))).sum(1).mean()))
    return np.mean(values), np.std(values)


def main():
    x, y = vectors(120, 6, 31), vectors(200, 6, 17) ** 1.5
    y = y.astype(np.float32).astype(np.float64)
    half = draw(y, 120)
    lines = {"frechet": frechet(x, y)}
    lines["kernel"], lines["kernel_standard_error"] = kernel(draw(x, 120), half, 10)
    lines["precision"], lines["recall"] = covered(x, half), covered(half, x)
    p = x + 0.01
    p = (p / p.sum(1, keepdims=True)).astype(np.float32).astype(np.float64)
    lines["score"], lines["score_deviation"] = score(p)
    text = "# Made by tools/golden/distances.py.\n" + "".join(f"{k} {float(v)!r}\n" for k, v in lines.items())
    FILE.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
