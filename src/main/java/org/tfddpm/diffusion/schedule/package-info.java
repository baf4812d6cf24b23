/**
 * The forward process in numbers, all in double: beta_t for t = 0 ... T-1, and which of these steps
 * a sampler visits. Each schedule is one file.
 */
package org.tfddpm.diffusion.schedule;
