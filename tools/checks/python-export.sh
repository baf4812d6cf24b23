#!/usr/bin/env bash
# An export in a program that knows nothing of tfddpm: Python's TensorFlow loads it, its pictures are
# those of `tfddpm sample`, and the client that the documentation shows runs.
set -euo pipefail
cd "$(dirname "$0")/../.."
work="$PWD/target/python-export"
rm -rf "$work"
mkdir -p "$work"
python3 -m venv "$work/venv" || {
  apt-get update && apt-get install --yes python3-venv # Debian ships Python without it
  python3 -m venv "$work/venv"
}
"$work/venv/bin/pip" install --quiet 'tensorflow-cpu==2.18.*'
tfddpm() { (cd "$work" && java -jar ../tfddpm.jar "$@"); }
tfddpm train --steps 20 --set training.sample_every=0 --set training.learning_rate=0.01
tfddpm export --run runs/digits
tfddpm sample --run runs/digits --seed 7 --count 4 --out samples.npy
export TF_CPP_MIN_LOG_LEVEL=2
"$work/venv/bin/python" tools/checks/python_export.py "$work/export/models" "$work/samples.npy"
(cd "$work" && venv/bin/python ../../export/client.py)
"$work/venv/bin/python" - "$work"/step-0.png "$work"/seed-7.png <<'PYTHON'
import sys
import tensorflow as tf
for file in sys.argv[1:]:
    assert tf.io.decode_png(tf.io.read_file(file)).shape == (8, 8, 1), file
PYTHON
echo "python-export: the export gives the same in Python's TensorFlow"
