/**
 * From x_t to x_{tPrev}: each sampler is one file, over the {@link
 * org.tfddpm.diffusion.ReverseProcess} of any network, prediction and schedule.
 */
package org.tfddpm.diffusion.sampler;
