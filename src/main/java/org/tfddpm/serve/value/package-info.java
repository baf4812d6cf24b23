/**
 * What requests are made of, whatever the protocol: tensors as bytes, and failures with a code.
 *
 * <pre>
 *   JSON (rest) ----------+                          +-> TensorFlow's tensors (Tensors)
 *   TensorProtos (grpc) --+-> Value: merged and cut -+
 * </pre>
 */
package org.tfddpm.serve.value;
