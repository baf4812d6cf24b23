/**
 * A server that speaks TensorFlow Serving's protocols.
 *
 * <pre>
 *   HTTP/1, HTTP/2 (Armeria) -> Door: token, headers
 *      /v1/...               -> rest.RestService --+
 *      /tensorflow.serving.* -> grpc.*Rpc ---------+-> model.Models: a Lease of a version
 *      /monitoring/...       -> metrics.Metrics          -> batch.BatchQueue -> TensorFlow
 *      /                     -> Page
 * </pre>
 */
package org.tfddpm.serve;
