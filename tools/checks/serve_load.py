"""Load and faults: `tfddpm serve` under 32 clients while versions are swapped, with malformed requests,
a thousand connections, and killed and started again. No answer may be lost or wrong.

usage: serve_load.py JAR MODELS [SECONDS], MODELS holding digits and digits_sampler as export writes them.
Prints what was answered, p50 and p99, and the memory at start and end; exits 1 if anything was amiss.
"""

import collections
import http.client
import json
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

jar, models = sys.argv[1], pathlib.Path(sys.argv[2])
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 20
CLIENTS, CONNECTIONS, SWAP_SECONDS = 32, 1000, 3
folder = pathlib.Path(tempfile.mkdtemp())
codes, faults, times, lock = collections.Counter(), [], [], threading.Lock()


def start():
    command = ["java", "-jar", jar, "serve", "--port", "0", "--grpc-port", "0", "--max-body", "1000000"]
    for name in ("digits", "digits_sampler"):
        command += ["--model", str(folder / name)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=open(folder / "log", "a"), text=True)
    line = process.stdout.readline()
    assert "serving" in line, (folder / "log").read_text()
    return process, int(line.split(", gRPC")[0].rsplit(":", 1)[1])


def rss(process):
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def send(connection, path, body, headers={}):
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def image(seed):
    generator = random.Random(seed)
    return [[[generator.gauss(0, 1)] for _ in range(8)] for _ in range(8)]


def eps(rows, seed):
    body = {"signature_name": "eps", "inputs": {"x": [image(seed + i) for i in range(rows)], "t": [5] * rows}}
    return "/v1/models/digits:predict", json.dumps(body).encode(), 200


def sample(seed):
    body = {"signature_name": "sample_10", "inputs": {"seed": [seed], "eta": [0.0]}}
    return "/v1/models/digits_sampler:predict", json.dumps(body).encode(), 200


def malformed(kind):
    path = "/v1/models/digits:predict"
    one = json.loads(eps(1, 1)[1])
    if kind == 0:
        return path, b" " * 2_000_000, 413
    if kind == 1:
        return path, b'{"inputs": ' + b"[" * 100_000, 400
    if kind == 2:
        return path, b'{"inputs": "\xff\xfe"}', 400
    if kind == 3:
        one["inputs"]["x"][0] = one["inputs"]["x"][0][:4]
        return path, json.dumps(one).encode(), 400
    if kind == 4:
        one["inputs"]["t"] = [99999]
        return path, json.dumps(one).encode(), None  # what TensorFlow makes of it
    if kind == 5:
        one["inputs"]["x"][0][0][0][0] = float("nan")
        return path, json.dumps(one).encode(), 200
    return "/v1/models/nobody:predict", b"{}", 404


def client(number, port, until):
    generator = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    expected = {}
    while time.time() < until:
        dice = generator.random()
        if dice < 0.15:
            path, body, status = malformed(generator.randrange(7))
        elif dice < 0.35:
            path, body, status = sample(generator.randrange(4))
        else:
            path, body, status = eps(generator.choice((1, 1, 1, 4, 40)), generator.randrange(4))
        begin = time.time()
        try:
            given, answer = send(connection, path, body)
        except (OSError, http.client.HTTPException) as error:
            with lock:
                faults.append(f"client {number}: {error!r}")
            connection.close()
            continue
        with lock:
            codes[given] += 1
            if status == 200:
                times.append(time.time() - begin)
            if given != status and status is not None and given != 503:
                faults.append(f"{given} for {body[:80]}: {answer[:200]}")
        # The same request has the same answer, whoever is in the batch and whichever version it is.
        if given == 200 and b"NaN" not in answer:
            numbers = numbers_of(json.loads(answer)["outputs"])
            before = expected.setdefault(body, numbers)
            tolerance = 1 if "sampler" in path else 1e-4
            if max(abs(a - b) for a, b in zip(before, numbers)) > tolerance:
                with lock:
                    faults.append(f"another answer for {body[:80]}")
    connection.close()


def numbers_of(value):
    return [n for part in value for n in numbers_of(part)] if isinstance(value, list) else [value]


def swap(until, swaps):
    """Publishes the same model as a new version, now and then half of it before the rest."""
    version = 1
    while time.time() < until - SWAP_SECONDS:
        time.sleep(SWAP_SECONDS)
        for name in ("digits", "digits_sampler"):
            new = folder / name / str(version + 1)
            if version % 2:
                hidden = folder / name / ".writing"
                shutil.copytree(models / name / "1", hidden)
                hidden.rename(new)
            else:  # as a careless copy would
                whole = (models / name / "1" / "saved_model.pb").read_bytes()
                new.mkdir()
                (new / "saved_model.pb").write_bytes(whole[: len(whole) // 2])
                time.sleep(1.2)
                (new / "saved_model.pb").write_bytes(whole)
            if version > 1:
                shutil.rmtree(folder / name / str(version - 1))
        version += 1
        swaps.append(version)


def many_connections(port):
    """All open at once, each with a request."""
    sockets = []
    try:
        for _ in range(CONNECTIONS):
            sockets.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        for each in sockets:
            each.sendall(b"GET /v1/models/digits HTTP/1.1\r\nHost: x\r\n\r\n")
        return sum(each.recv(64).startswith(b"HTTP/1.1 200") for each in sockets)
    finally:
        for each in sockets:
            each.close()


def wait(process, port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    assert send(connection, *sample(1)[:2])[0] == 200
    connection.close()


for name in ("digits", "digits_sampler"):
    shutil.copytree(models / name / "1", folder / name / "1")
process, port = start()
wait(process, port)
first, until, swaps = rss(process), time.time() + seconds, []
threads = [threading.Thread(target=client, args=(i, port, until)) for i in range(CLIENTS)]
threads.append(threading.Thread(target=swap, args=(until, swaps)))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
last = rss(process)
connected = many_connections(port)
if connected != CONNECTIONS:
    faults.append(f"{connected} of {CONNECTIONS} connections were answered")

process.send_signal(signal.SIGKILL)
process.wait()
process, port = start()
wait(process, port)
process.terminate()
if process.wait(60) != 0:
    faults.append(f"exit {process.returncode} after SIGTERM")

times.sort()
print(f"{sum(codes.values())} answers in {seconds:.0f} s from {CLIENTS} clients: {dict(sorted(codes.items()))}")
print(
    f"p50 {1000 * times[len(times) // 2]:.0f} ms, p99 {1000 * times[int(len(times) * 0.99)]:.0f} ms, "
    f"{len(swaps)} swaps of both models, {connected} connections at once, RSS {first} -> {last} MB"
)
for fault in faults[:10]:
    print("fault:", fault)
print(f"{len(faults)} faults")
if faults:
    print((folder / "log").read_text()[-2000:])
shutil.rmtree(folder)
sys.exit(1 if faults else 0)
