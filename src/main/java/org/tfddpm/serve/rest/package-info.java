/**
 * TensorFlow Serving's REST protocol.
 *
 * <pre>
 *   RestService: RestCall (which model, what of it) -> JsonRequest, JsonTensor -> values
 *      -> model.Lease.predict -> JsonAnswer, JsonNumbers
 * </pre>
 */
package org.tfddpm.serve.rest;
