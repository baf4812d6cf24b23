package org.tfddpm.nn;

/** Where convolutions calculate; weights, norms, attention and everything else stay float32. */
public enum Precision {
  FLOAT32,
  /** Inputs and kernels rounded to bfloat16, the result back to float32. */
  BFLOAT16
}
