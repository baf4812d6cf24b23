/**
 * The networks: a U-Net built of nn's layers, handed out as diffusion's Denoiser, and its first
 * half as a Classifier.
 *
 * <pre>
 *   UNetConfig + Net -> Encoder: Embedding, Level: ResidualBlock, Attention
 *      -> UNet: the way up -> epsilonHat [N,H,W,C]
 *      -> NoisyClassifier: the mean over the pixels -> logits [N,classes]
 * </pre>
 */
package org.tfddpm.unet;
