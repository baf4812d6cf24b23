/**
 * Pictures from seeds.
 *
 * <pre>
 *   Model + weights -> SamplingLoop (inside a graph) -> Pixels -> ImageSampler
 * </pre>
 */
package org.tfddpm.sample;
