/**
 * Pictures from seeds, and from any other start.
 *
 * <pre>
 *   Model + weights + Chain -> SamplingLoop (inside a graph) -> Pixels -> SamplingGraph
 *   SamplingGraph + seeds, labels -> BatchRuns, or stop by stop Filming -> ImageSampler
 * </pre>
 */
package org.tfddpm.sample;
