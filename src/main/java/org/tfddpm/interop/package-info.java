/**
 * Weights of other programs, in and out.
 *
 * <pre>
 *   diffusers' folder -> UnetJson, SchedulerJson -> GraphSpec     TensorFlow 1's checkpoint + graph
 *     -> Safetensors                                                -> Bundle
 *          \-> TensorFiles -> ForeignWeights (Naming, Layout) -> weights by path -> ImportedRun
 *   Checkpoint -> DiffusersWriter (Naming, Layout) -> SafetensorsWriter
 * </pre>
 */
package org.tfddpm.interop;
