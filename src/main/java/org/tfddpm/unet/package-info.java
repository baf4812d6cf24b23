/**
 * The network: a U-Net built of nn's layers, handed out as diffusion's Denoiser.
 *
 * <pre>
 *   UNetConfig + Net -> UNet -> Embedding, ResidualBlock, Attention -> epsilonHat [N,H,W,C]
 * </pre>
 */
package org.tfddpm.unet;
