// A client in Node, made from our .proto alone.
// usage: serve_client.js SERVING_PROTO GRPC_PORT
const assert = require('assert');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const [, , file, port] = process.argv;
const api = grpc.loadPackageDefinition(loader.loadSync(file, { keepCase: true })).tensorflow.serving;
const address = `127.0.0.1:${port}`;
const predictions = new api.PredictionService(address, grpc.credentials.createInsecure());
const models = new api.ModelService(address, grpc.credentials.createInsecure());

// The part of tensorflow.TensorProto that is needed.
const Tensor = protobuf.parse(`syntax = "proto3";
  message Dim { int64 size = 1; }
  message Shape { repeated Dim dim = 2; }
  message Tensor { int32 dtype = 1; Shape tensor_shape = 2; repeated float float_val = 5; repeated int32 int_val = 7; }
`, { keepCase: true }).root.lookupType('Tensor');
const tensor = (dtype, shape, values) => Tensor.encode(
  Tensor.create({ dtype, tensor_shape: { dim: shape.map(size => ({ size })) }, ...values })).finish();

const call = (client, method, request) => new Promise((resolve, reject) =>
  client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))));

(async () => {
  const inputs = { seed: tensor(3, [2], { int_val: [7, 8] }), eta: tensor(1, [2], { float_val: [0] }) };
  const request = { model_spec: { name: 'digits_sampler', signature_name: 'sample_10' }, inputs };
  const answer = await call(predictions, 'Predict', request);
  assert.strictEqual(answer.model_spec.version.value.toString(), '1');
  const image = Tensor.decode(answer.outputs.image);
  assert.deepStrictEqual(image.tensor_shape.dim.map(d => Number(d.size)), [2, 8, 8, 1]);
  assert.strictEqual(image.int_val.length, 128);
  assert(image.int_val.every(v => v >= 0 && v <= 255));

  const status = await call(models, 'GetModelStatus', { model_spec: { name: 'digits' } });
  assert.strictEqual(status.model_version_status[0].state, 30); // AVAILABLE
  const error = await call(predictions, 'Predict', { model_spec: { name: 'no' } }).catch(e => e);
  assert.strictEqual(error.code, grpc.status.NOT_FOUND);
  console.log('serve: a client in Node works');
  predictions.close();
  models.close();
})().catch(error => { console.error(error); process.exit(1); });
