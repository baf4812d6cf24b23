/**
 * Images to train on and to measure against, with the classes they are of.
 *
 * <pre>
 *   KIND:PLACE -> Source (memory: Idx, Cifar10; streamed: ImageFolder, TfRecords), Labels
 *      -> InputPipeline: tf.data inside the training graph
 *           Order: position -> index;  Reader: index -> image;  Fit: to the model's size
 *      -> OrderedReader: each image once, in order, outside of training
 * </pre>
 *
 * The state of the pipeline is one counter, the number of images shown.
 */
package org.tfddpm.data;
