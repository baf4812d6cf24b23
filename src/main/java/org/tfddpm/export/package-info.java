/**
 * From a checkpoint to SavedModels that any TensorFlow stack serves.
 *
 * <pre>
 *   Checkpoint -> frozen weights -> ServingGraph (NAME: the network and single steps)
 *                                -> SamplerGraph (NAME_sampler: whole loops)
 *      -> SavedModels: a hidden folder -> ExportCheck: loaded and compared -> renamed to NAME/N
 *   ExportedModel: read back, for sample, inspect and others
 * </pre>
 */
package org.tfddpm.export;
