package org.tfddpm.export;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tfddpm.run.Images;
import org.tfddpm.testing.Floats;

/** Calls signatures of exported models of 8x8 images. */
final class Calls {
  private static final int PIXELS = 8 * 8;

  private Calls() {}

  /** Arrays of floats of whole images are [N,8,8,1], others are vectors. */
  static Result run(SavedModelBundle model, String signature, Map<String, Object> inputs) {
    Map<String, Tensor> tensors = new HashMap<>();
    try {
      inputs.forEach((name, value) -> tensors.put(name, tensor(value)));
      return model.function(signature).call(tensors);
    } finally {
      tensors.values().forEach(Tensor::close);
    }
  }

  /** Pictures of seeds, all of one eta; null for a signature without. */
  static Images sample(SavedModelBundle model, String signature, int[] seeds, @Nullable Float eta) {
    Map<String, Object> inputs = new HashMap<>(Map.of("seed", seeds));
    if (eta != null) {
      float[] etas = new float[seeds.length];
      Arrays.fill(etas, eta);
      inputs.put("eta", etas);
    }
    try (Result result = run(model, signature, inputs)) {
      int[] pixels = Floats.ofBytes(result.get(0));
      byte[] bytes = new byte[pixels.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) pixels[i];
      }
      return new Images(bytes, 8, 8, 1);
    }
  }

  private static Tensor tensor(Object value) {
    if (value instanceof int[] whole) {
      return TInt32.vectorOf(whole);
    }
    float[] floats = (float[]) value;
    return floats.length % PIXELS == 0
        ? Floats.tensor(floats, floats.length / PIXELS, 8, 8, 1)
        : TFloat32.vectorOf(floats);
  }
}
