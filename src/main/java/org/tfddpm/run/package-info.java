/**
 * What a run leaves on disk and says while it runs.
 *
 * <pre>
 *   RunDirectory: spec.textproto, Checkpoints, Metrics, TensorBoard, samples/
 *   Saver: variables of a graph -> files;  StoredWeights: files -> tensors
 *   Images -> Png;  Progress -> stderr
 * </pre>
 *
 * Every file appears under its name only when it is whole.
 */
package org.tfddpm.run;
