/**
 * From a specification to the parts that it names: schedule, network, prediction, variance, loss.
 * Training, sampling and export all build from a {@link org.tfddpm.model.Model}.
 */
package org.tfddpm.model;
