/**
 * Weights by dotted path, and layers as static functions over them.
 *
 * <pre>
 *   Weights (variables | averages | constants)
 *      -> Net: graph + weights + path + how it is run
 *      -> Layers, GroupNorm: functions of a Net and their inputs
 * </pre>
 *
 * Nothing here knows of U-Nets or diffusion.
 */
package org.tfddpm.nn;
