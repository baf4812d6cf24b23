/**
 * Requests to one signature become few runs of TensorFlow.
 *
 * <pre>
 *   Work (a request) -> BatchQueue: bounded; takes rows from all in turn -> Batch: merged, padded
 *      -> Runner -> cut into the pieces of each Work, which answers when it has all
 * </pre>
 */
package org.tfddpm.serve.batch;
