package org.tfddpm.serve.value;

/** What a request ended with: the codes of gRPC, and what REST says for them. */
public enum Code {
  OK(0, 200),
  CANCELLED(1, 499),
  UNKNOWN(2, 500),
  INVALID_ARGUMENT(3, 400),
  DEADLINE_EXCEEDED(4, 504),
  NOT_FOUND(5, 404),
  ALREADY_EXISTS(6, 409),
  PERMISSION_DENIED(7, 403),
  RESOURCE_EXHAUSTED(8, 429),
  FAILED_PRECONDITION(9, 400),
  ABORTED(10, 409),
  OUT_OF_RANGE(11, 400),
  UNIMPLEMENTED(12, 501),
  INTERNAL(13, 500),
  UNAVAILABLE(14, 503),
  DATA_LOSS(15, 500),
  UNAUTHENTICATED(16, 401);

  private final int number;
  private final int http;

  Code(int number, int http) {
    this.number = number;
    this.http = http;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** The status of a REST answer. */
  public int http() {
    return http;
  }
}
