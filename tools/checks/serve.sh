#!/usr/bin/env bash
# `tfddpm serve` and programs that know nothing of it: TensorFlow Serving's own client in Python, a
# client in Node made from our .proto alone, curl; then load with faults for a few seconds; then
# SIGTERM while requests run.
set -euo pipefail
cd "$(dirname "$0")/../.."
root="$PWD"
work="$root/target/serve"
rm -rf "$work"
mkdir -p "$work"
python="$root/target/python-export/venv/bin/python" # has TensorFlow, for its tensors
[[ -x $python ]] || { echo "serve: run tools/checks/python-export.sh first" >&2; exit 1; }
# --no-deps: it would bring a second TensorFlow.
"$python" -m pip install --quiet grpcio
"$python" -m pip install --quiet --no-deps --target "$work/api" 'tensorflow-serving-api==2.18.*'

cd "$work"
tfddpm() { java -jar "$root/target/tfddpm.jar" "$@"; }
tfddpm train --steps 20 --set training.sample_every=0 --set training.learning_rate=0.01
tfddpm export --run runs/digits
tfddpm sample --run runs/digits --seed 7 --count 4 --out samples.npy

java -jar "$root/target/tfddpm.jar" serve --model export/models/digits \
  --model export/models/digits_sampler --port 0 --grpc-port 0 --drain 120 >ready 2>log &
server=$!
trap 'kill -9 $server 2>/dev/null || true' EXIT
for _ in $(seq 300); do
  [[ -s ready ]] && break
  kill -0 $server || { cat log >&2; exit 1; }
  sleep 0.2
done
cat ready
rest=$(sed -E 's/.*:([0-9]+), gRPC.*/\1/' ready)
grpc=$(sed -E 's/.*port ([0-9]+)$/\1/' ready)

export TF_CPP_MIN_LOG_LEVEL=3
PYTHONPATH="$work/api" "$python" "$root/tools/checks/serve_client.py" "$rest" "$grpc" samples.npy
if command -v npm >/dev/null; then
  npm install --silent --no-audit --no-fund --prefix node @grpc/grpc-js@1 @grpc/proto-loader@0.7
  NODE_PATH="$work/node/node_modules" node "$root/tools/checks/serve_client.js" \
    "$root/src/main/proto/org/tfddpm/serving/serving.proto" "$grpc"
else
  echo "serve: no npm here, so no client in Node"
fi

# What the README shows.
curl -sf "localhost:$rest/v1/models/digits_sampler:predict" \
  -d '{"signature_name": "sample_50_png", "inputs": {"seed": [7], "eta": [0.0]}}' |
  "$python" -c 'import base64, json, sys; sys.stdout.buffer.write(base64.b64decode(json.load(sys.stdin)["outputs"][0]["b64"]))' >seed-7.png
head -c 4 seed-7.png | grep -q PNG
curl -sf "localhost:$rest/monitoring/prometheus/metrics" | grep -q '^:tensorflow:serving:request_count'

# SIGTERM while a long request runs: it is answered, and the exit is a good one.
curl -sf "localhost:$rest/v1/models/digits_sampler:predict" -o last.json \
  -d '{"signature_name": "sample_1000", "inputs": {"seed": [1,2,3,4], "eta": [0,0,0,0]}}' &
request=$!
sleep 1
kill -TERM $server
wait $request
grep -q outputs last.json
wait $server
trap - EXIT

"$python" "$root/tools/checks/serve_load.py" "$root/target/tfddpm.jar" export/models 15
echo "serve: clients of TensorFlow Serving get what sample makes"
