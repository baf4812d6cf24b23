package org.tfddpm.unet;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tfddpm.nn.Layers;
import org.tfddpm.nn.Net;

/** What a residual block does to height and width, of both its ways alike. */
enum Resampling {
  NONE {
    @Override
    Operand<TFloat32> apply(Net net, Operand<TFloat32> x) {
      return x;
    }
  },
  DOWN {
    @Override
    Operand<TFloat32> apply(Net net, Operand<TFloat32> x) {
      return Layers.averagePool(net, x);
    }
  },
  UP {
    @Override
    Operand<TFloat32> apply(Net net, Operand<TFloat32> x) {
      return Layers.upsampleNearest(net, x);
    }
  };

  /** [N,H,W,C] to the same, half or double height and width. */
  abstract Operand<TFloat32> apply(Net net, Operand<TFloat32> x);
}
