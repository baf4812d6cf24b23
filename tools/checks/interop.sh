#!/usr/bin/env bash
# Weights of other programs: models of diffusers with random weights and the configurations of the
# published ones, and a checkpoint of TensorFlow 1 under the original names, are imported and give the
# same epsilon; an own run does in diffusers.
set -euo pipefail
cd "$(dirname "$0")/../.."
work="$PWD/target/interop"
venvs="$PWD/target/interop-venvs" # kept: PyTorch alone is gigabytes where only the build for GPUs is to be had
rm -rf "$work"
mkdir -p "$work" "$venvs"
# Two environments: the two programs ask for different versions of numpy.
for program in torch tf; do
  python3 -m venv "$venvs/$program" || {
    apt-get update && apt-get install --yes python3-venv # Debian ships Python without it
    python3 -m venv "$venvs/$program"
  }
done
"$venvs/torch/bin/python" -c "import torch" 2>/dev/null ||
  "$venvs/torch/bin/pip" install --quiet --retries 0 torch --index-url https://download.pytorch.org/whl/cpu ||
  "$venvs/torch/bin/pip" install --quiet torch
"$venvs/torch/bin/pip" install --quiet diffusers safetensors numpy
"$venvs/tf/bin/pip" install --quiet 'tensorflow-cpu==2.18.*'
export TF_CPP_MIN_LOG_LEVEL=2
in_torch() { "$venvs/torch/bin/python" tools/checks/interop_torch.py "$1" "$work"; }
in_tf() { "$venvs/tf/bin/python" tools/checks/interop_tf.py "$1" "$work"; }
tfddpm() { (cd "$work" && java -jar ../tfddpm.jar "$@"); }

in_torch make
in_tf make
for model in cifar10 cifar10-old celebahq classes; do
  tfddpm import --from diffusers "theirs/$model"
done
# The flat folder with the older names is the same model.
cmp "$work"/runs/cifar10{,-old}/checkpoints/step-00000000.data-00000-of-00001
original=(import --from ddpm-tf1 model.ckpt-1 --graph cifar10 --set unet.base_channels=32)
tfddpm "${original[@]}" --run runs/tf1
tfddpm "${original[@]}" --run runs/tf1-live --live
tfddpm train --run runs/own --steps 20 --set unet.attention_heads=2 --set training.ema_decay=0.5 \
  --set training.learning_rate=0.01 --set training.sample_every=0
for model in cifar10 celebahq classes tf1 tf1-live; do
  tfddpm export --run "runs/$model"
done
tfddpm export --run runs/own --name own
for model in own cifar10 classes; do
  tfddpm export --run "runs/$model" --format diffusers --out "diffusers/$model"
done
in_tf compare
in_torch compare
echo "interop: diffusers and the original program give the same"
