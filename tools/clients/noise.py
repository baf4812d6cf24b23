"""The noise of a seed, as export/CONTRACT.md defines it: needs NumPy alone.

noise(seed=7, draw=0, shape=(8, 8, 1)) is the x_T that seed 7 begins with.
"""

from statistics import NormalDist

import numpy as np

# A fifth of each quantile of the normal distribution, in units of 2^-17; the outermost make its moments exact.
FIFTHS = [round(NormalDist().inv_cdf((i + 0.5) / 4096) / 5 * 2**17) for i in range(2048, 4094)] + [86544, 100234]
QUANTILES = np.array([-f for f in reversed(FIFTHS)] + FIFTHS) / 2**17


def noise(seed, draw, shape):
    w = [seed >> 12, seed & 4095, draw >> 12, draw & 4095]
    for i in range(17):
        w.append((w[i] + 101 * (i + 1) + mix(w[i + 3], w[i + 2])) & 4095)
    k = w[12:]
    element = np.arange(np.prod(shape))
    left, right = element >> 12, element & 4095
    for j in range(8):
        left, right = right, (left + k[j] + mix(right, k[j + 1])) & 4095
    return (3 * QUANTILES[left] + 4 * QUANTILES[right]).astype(np.float32).reshape(shape)


def mix(x, key):
    product = x * (4095 + key - x)
    return product - (product >> 8)
