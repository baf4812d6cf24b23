/**
 * Pictures from seeds, and from any other start.
 *
 * <pre>
 *   Model + weights + Chain -> SamplingLoop (inside a graph) -> Pixels -> ImageSampler
 * </pre>
 */
package org.tfddpm.sample;
