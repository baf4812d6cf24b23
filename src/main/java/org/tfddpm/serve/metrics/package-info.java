/** What a server counts, under the names that TensorFlow Serving has for it. */
package org.tfddpm.serve.metrics;
