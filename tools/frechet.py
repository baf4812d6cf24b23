"""Fréchet distance on raw pixels: python tools/frechet.py IMAGES.npy [FOLDER OF IDX FILES]

IMAGES.npy is what `tfddpm sample --count 500 --out IMAGES.npy` writes, uint8 [N,H,W,C]. They are
compared to the 1,797 digits tfddpm brings along, or to the images of a folder in the format of MNIST, scaled to [-1,1]. Needs numpy.

  |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), m and C the mean and covariance of the pixels
"""

import gzip
import pathlib
import sys

import numpy as np

BUNDLED = pathlib.Path(__file__).parent.parent / "src/main/resources/org/tfddpm/data"


def images_of(folder):
    return np.concatenate([idx(f) for f in pathlib.Path(folder).iterdir() if "-images" in f.name])


def idx(file):
    data = file.read_bytes()
    data = gzip.decompress(data) if file.suffix == ".gz" else data
    shape = np.frombuffer(data, ">i4", 3, 4)
    return np.frombuffer(data, np.uint8, offset=16).reshape(shape)


def vectors(images):
    return images.reshape(len(images), -1) / 127.5 - 1


def distance(a, b):
    difference = a.mean(0) - b.mean(0)
    c1, c2 = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(c1 @ c2).real, 0)).sum()
    return difference @ difference + np.trace(c1) + np.trace(c2) - 2 * roots


def main():
    made = vectors(np.load(sys.argv[1]))
    real = vectors(images_of(sys.argv[2] if len(sys.argv) > 2 else BUNDLED))
    halves = np.random.default_rng(0).permutation(len(real))
    one, other = real[halves[::2]], real[halves[1::2]]
    print(f"{len(made)} images: {distance(made, real):.3f}")
    print(f"half of the real images against the other half: {distance(one, other):.3f}")


if __name__ == "__main__":
    main()
