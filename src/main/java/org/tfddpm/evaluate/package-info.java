/**
 * How good a trained model is.
 *
 * <pre>
 *   pictures of the model --+                      +-> FrechetDistance, KernelDistance
 *                           +-> Features: Vectors -+-> PrecisionRecall
 *   images of the data -----+                      +-> InceptionScore
 *                                                          -> Distances
 * </pre>
 *
 * Statistics are in double; features are float32, as networks give them.
 */
package org.tfddpm.evaluate;
