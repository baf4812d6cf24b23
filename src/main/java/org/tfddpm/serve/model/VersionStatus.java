package org.tfddpm.serve.model;

import org.tfddpm.serve.value.Code;

/**
 * What is known of a version.
 *
 * @param code OK, or why it is not served
 * @param message empty where the code is OK
 */
public record VersionStatus(long version, State state, Code code, String message) {}
