/**
 * The papers: what a diffusion process is, in numbers and as graph expressions.
 *
 * <pre>
 *   schedule.Schedule (double) -> Coefficients (float32 tables in the graph)
 *      -> ForwardProcess: q(x_t|x_0) and its posterior
 *           + Denoiser + Prediction + ReverseVariance + Thresholding = ReverseProcess
 *                -> Loss (training)  |  sampler.Sampler over the steps of a Spacing  |  VariationalBound
 * </pre>
 *
 * t = 0 ... T-1 throughout, and -1 stands for x_0. Nothing here knows which network denoises.
 */
package org.tfddpm.diffusion;
