/**
 * Weights of other programs, in and out.
 *
 * <pre>
 *   diffusers' folder: UnetJson, SchedulerJson -> GraphSpec
 *     Safetensors (TensorFiles)  \
 *   TensorFlow 1's checkpoint     - Naming, Layout -> weights by our paths -> ImportedRun
 *     Bundle (TensorFiles)       /
 *   Checkpoint -> DiffusersWriter: the same Naming and Layout backwards -> SafetensorsWriter
 * </pre>
 */
package org.tfddpm.interop;
