"""TensorFlow Serving's own client against `tfddpm serve`.

usage: serve_client.py REST_PORT GRPC_PORT SAMPLES, SAMPLES being what `tfddpm sample --seed 7` made.
"""

import gzip
import json
import sys
import urllib.error
import urllib.request

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

rest = f"http://127.0.0.1:{sys.argv[1]}/v1/models/"
channel = grpc.insecure_channel(f"127.0.0.1:{sys.argv[2]}")
predictions = prediction_service_pb2_grpc.PredictionServiceStub(channel)
models = model_service_pb2_grpc.ModelServiceStub(channel)
made = np.load(sys.argv[3])


def request(model, signature, **inputs):
    message = predict_pb2.PredictRequest()
    message.model_spec.name = model
    message.model_spec.signature_name = signature
    for name, value in inputs.items():
        message.inputs[name].CopyFrom(tf.make_tensor_proto(value))
    return message


def predict(model, signature, **inputs):
    answer = predictions.Predict(request(model, signature, **inputs), timeout=60)
    assert answer.model_spec.version.value == 1 and answer.model_spec.signature_name == signature
    return {name: tf.make_ndarray(tensor) for name, tensor in answer.outputs.items()}


def post(path, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(rest + path, data, headers)) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def fails(code, call, *arguments):
    try:
        call(*arguments)
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
    else:
        raise AssertionError(f"{code} was expected")


# Pictures are those of `sample`, by gRPC and by REST.
seeds, eta = np.arange(7, 7 + len(made), dtype=np.int32), np.zeros(len(made), np.float32)
image = predict("digits_sampler", "sample_50", seed=seeds, eta=eta)["image"]
assert image.dtype == np.uint8 and np.abs(image.astype(int) - made).max() <= 1
status, answer = post(
    "digits_sampler:predict",
    {"signature_name": "sample_50", "inputs": {"seed": seeds.tolist(), "eta": eta.tolist()}},
)
assert status == 200 and np.abs(np.array(answer["outputs"]) - made).max() <= 1
for png, pixels in zip(predict("digits_sampler", "sample_50_png", seed=seeds, eta=eta)["png_bytes"], image):
    assert np.array_equal(tf.io.decode_png(png).numpy(), pixels)

# eps by typed fields, by bytes and by rows of JSON.
x, t = np.random.default_rng(1).normal(size=(3, 8, 8, 1)).astype(np.float32), np.array([999, 5, 0], np.int32)
eps = predict("digits", "eps", x=x, t=t)["eps"]
typed = request("digits", "eps", t=t)
typed.inputs["x"].dtype = tf.float32.as_datatype_enum
for size in x.shape:
    typed.inputs["x"].tensor_shape.dim.add().size = size
typed.inputs["x"].float_val.extend(x.ravel().tolist())
assert np.abs(tf.make_ndarray(predictions.Predict(typed).outputs["eps"]) - eps).max() < 1e-5
rows = [{"x": row.tolist(), "t": int(step)} for row, step in zip(x, t)]
body = {"signature_name": "eps", "instances": rows}
for data, headers in ((body, {}), (gzip.compress(json.dumps(body).encode()), {"Content-Encoding": "gzip"})):
    status, answer = post("digits/versions/1:predict", data, **headers)
    assert status == 200 and np.abs(np.array(answer["predictions"]) - eps).max() < 1e-5
assert np.abs(predict("digits", "eps", x=x[1:2], t=t[1:2])["eps"] - eps[1:2]).max() < 1e-5

# What there is.
ask = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
ask.model_spec.name = "digits"
signatures = get_model_metadata_pb2.SignatureDefMap()
assert predictions.GetModelMetadata(ask).metadata["signature_def"].Unpack(signatures)
assert signatures.signature_def["eps"].inputs["x"].tensor_shape.dim[1].size == 8
ask = get_model_status_pb2.GetModelStatusRequest()
ask.model_spec.name = "digits"
(version,) = models.GetModelStatus(ask).model_version_status
assert version.version == 1 and version.state == get_model_status_pb2.ModelVersionStatus.AVAILABLE

# What is refused.
code = grpc.StatusCode
fails(code.NOT_FOUND, predict, "digitz", "eps")
fails(code.FAILED_PRECONDITION, predict, "digits", "epsilon")
fails(code.INVALID_ARGUMENT, lambda: predict("digits", "eps", x=x))
fails(code.INVALID_ARGUMENT, lambda: predict("digits", "eps", x=x, t=t.astype(np.float32)))
fails(code.INVALID_ARGUMENT, lambda: predict("digits", "eps", x=x[:, :4], t=t))
fails(code.PERMISSION_DENIED, models.HandleReloadConfigRequest, model_management_pb2.ReloadConfigRequest())
fails(code.UNIMPLEMENTED, predictions.Classify, classification_pb2.ClassificationRequest())
long = request("digits_sampler", "sample_1000", seed=np.arange(32, dtype=np.int32), eta=np.zeros(32, np.float32))
fails(code.DEADLINE_EXCEEDED, lambda: predictions.Predict(long, timeout=0.2))
assert post("digits:predict", {"instances": [1]})[0] == 400
assert post("digitz:predict", {"instances": [1]})[0] == 404
print("serve: TensorFlow Serving's client works")
