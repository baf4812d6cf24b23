/**
 * Images to train on.
 *
 * <pre>
 *   KIND:PLACE -> Source (memory: Idx, Cifar10; streamed: ImageFolder, TfRecords)
 *      -> InputPipeline: tf.data inside the training graph
 *           Order: position -> index;  Reader: index -> image;  Fit: to the model's size
 * </pre>
 *
 * The state of all this is one counter, the number of images shown.
 */
package org.tfddpm.data;
