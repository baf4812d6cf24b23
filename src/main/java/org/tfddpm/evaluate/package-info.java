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
 * and, on images of the data themselves, Bound, Likelihood and Reconstruction; MeanSquares is what
 * the analytic variance goes by. {@code report} says it all in tables, JSON and plots.
 *
 * <p>Statistics are in double; features are float32, as networks give them.
 */
package org.tfddpm.evaluate;
