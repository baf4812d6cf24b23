package org.tfddpm.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Output;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tfddpm.spec.Names;

/** A SavedModel: {@code DIR}. */
final class SavedNetwork {
  private static final String SERVE = "serve";
  private static final String DEFAULT = "serving_default";

  private SavedNetwork() {}

  /** Its network: an output of serving_default, or SIGNATURE.OUTPUT; the input is found. */
  static FeatureNetwork open(FeaturePlace place, ConfigProto config) {
    if (!Files.isRegularFile(place.path().resolve("saved_model.pb"))) {
      throw place.bad("the folder has no saved_model.pb");
    }
    SavedModelBundle bundle = load(place, place.path(), config);
    try {
      Map<String, SignatureDef> signatures = bundle.metaGraphDef().getSignatureDefMap();
      String name = place.output();
      String key = DEFAULT;
      int dot = name.indexOf('.');
      if (dot > 0 && signatures.containsKey(name.substring(0, dot))) {
        key = name.substring(0, dot);
        name = name.substring(dot + 1);
      }
      SignatureDef signature = signatures.get(key);
      if (signature == null) {
        throw place.bad(
            "no signature "
                + key
                + "; allowed is DIR:SIGNATURE.OUTPUT with one of "
                + String.join(", ", new TreeMap<>(signatures).keySet()));
      }
      TensorInfo output = signature.getOutputsMap().get(name);
      if (output == null) {
        throw place.bad(
            "signature "
                + key
                + " has no output \""
                + name
                + "\""
                + Names.suggest(name, new TreeMap<>(signature.getOutputsMap()).keySet()));
      }
      List<Output<?>> images = new ArrayList<>();
      List<Output<?>> times = new ArrayList<>();
      for (Map.Entry<String, TensorInfo> input :
          new TreeMap<>(signature.getInputsMap()).entrySet()) {
        Output<?> tensor = bundle.graph().outputOrThrow(input.getValue().getName());
        if (FeatureNetwork.canTakeImages(tensor)
            && (place.input() == null || place.input().equals(input.getKey()))) {
          images.add(tensor);
        } else if (tensor.dataType() == DataType.DT_INT32 && tensor.shape().numDimensions() == 1) {
          times.add(tensor);
        } else {
          throw place.bad(
              "input "
                  + input.getKey()
                  + " of signature "
                  + key
                  + " is "
                  + tensor.dataType()
                  + " "
                  + tensor.shape()
                  + ", allowed are images, float32 or uint8 [N,H,W,C]");
        }
      }
      if (images.size() != 1) {
        throw place.bad("signature " + key + " takes " + images.size() + " images, allowed is one");
      }
      return new FeatureNetwork(
          bundle.session(),
          images.get(0),
          bundle.graph().outputOrThrow(output.getName()),
          times,
          bundle::close);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  private static SavedModelBundle load(FeaturePlace place, Path folder, ConfigProto config) {
    try {
      return SavedModelBundle.loader(folder.toString())
          .withTags(SERVE)
          .withConfigProto(config)
          .load();
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw place.bad("TensorFlow does not load it", e);
    }
  }
}
