/**
 * Training: one graph, one run a step.
 *
 * <pre>
 *   TrainingGraph: InputPipeline -> qSample -> network -> Loss -> Gradients -> Adam -> Averages
 *   Trainer: the loop around it - checkpoints, metrics, grids, signals
 * </pre>
 *
 * All randomness is {@link org.tfddpm.train.StepRandom}: a function of seed, step and purpose.
 */
package org.tfddpm.train;
