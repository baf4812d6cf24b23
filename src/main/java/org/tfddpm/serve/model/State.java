package org.tfddpm.serve.model;

/** What becomes of a version, in this order. */
public enum State {
  START(10),
  LOADING(20),
  AVAILABLE(30),
  UNLOADING(40),
  END(50);

  private final int number;

  State(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
