#!/usr/bin/env python3
"""What each prediction, loss, variance and schedule makes of the bundled digits.

Trains a run for each (three minutes on two cores) and prints the Fréchet distance of 1,500 samples by
pixels, and the variational bound of 128 images over all time steps. docs/measurements.md has its table.

    tools/experiments/digits.py [FOLDER [NAME...]]      runs go to FOLDER (default target/experiments)
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parents[2]
HYBRID = ["diffusion.loss=HYBRID", "diffusion.variance=LEARNED_RANGE"]
EXPERIMENTS = {
    "epsilon, simple": [],
    "x0, simple": ["diffusion.prediction=X0"],
    "v, simple": ["diffusion.prediction=V"],
    "mean, simple": ["diffusion.prediction=MEAN"],
    "epsilon, min-SNR": ["diffusion.loss=MIN_SNR"],
    "epsilon, VLB": ["diffusion.loss=VLB"],
    "mean, VLB": ["diffusion.prediction=MEAN", "diffusion.loss=VLB"],
    "epsilon, hybrid": HYBRID,
    "epsilon, simple, cosine": ["diffusion.schedule=COSINE"],
    "epsilon, hybrid, cosine": ["diffusion.schedule=COSINE", *HYBRID],
}


def tfddpm(*arguments):
    command = ["java", "-jar", str(HERE / "target/tfddpm.jar"), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "target/experiments")
    folder.mkdir(parents=True, exist_ok=True)
    print("| | Fréchet distance | bits per dimension |\n|---|---|---|")
    for name in sys.argv[2:] or EXPERIMENTS:
        run = str(folder / name.replace(", ", "-"))
        settings = [part for field in EXPERIMENTS[name] for part in ("--set", field)]
        tfddpm("train", "--run", run, "--set", "training.sample_every=0", *settings)
        evaluated = ["evaluate", "--run", run, "--json"]
        distances = json.loads(tfddpm(*evaluated, "--count", "1500"))
        bits = json.loads(tfddpm(*evaluated, "--count", "128", "--metrics", "bound"))["bound"]
        print(f"| {name} | {distances['distances']['frechet_distance']:.3f} | {bits['bits_per_dimension']:.3f} ± {bits['bits_per_dimension_standard_error']:.3f} |", flush=True)


if __name__ == "__main__":
    main()
