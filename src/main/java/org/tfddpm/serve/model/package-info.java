/**
 * Models that are served while their versions come and go.
 *
 * <pre>
 *   ModelPlace: a folder -> ServedModel, every second: which versions are there, which should be served
 *      a new one -> VersionFolder: is it whole? -> ModelVersion: loaded -> WarmUp -> AVAILABLE
 *      then an old one -> UNLOADING: no new requests; closed when nobody holds a Lease of it
 *   Models: by name, version or label -> Lease -> ModelVersion.predict -> batch.BatchQueue
 * </pre>
 */
package org.tfddpm.serve.model;
