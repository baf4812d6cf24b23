/**
 * TensorFlow Serving's gRPC protocol: PredictionRpc and ModelRpc read messages and ask {@code
 * model.Models}, Rpc says what went wrong.
 */
package org.tfddpm.serve.grpc;
