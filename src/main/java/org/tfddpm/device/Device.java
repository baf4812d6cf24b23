package org.tfddpm.device;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tfddpm.spec.BadInput;

/** Which devices a session may use. */
public enum Device {
  /** A GPU where there is one. */
  AUTO,
  CPU,
  /** A GPU, or an error. */
  GPU;

  /**
   * The configuration of a session on this device. GPU memory is taken as it is needed, and sums
   * keep the order they were written in: the arithmetic optimizer would join them to an AddN, whose
   * order changes from run to run. It makes no step faster.
   *
   * @throws BadInput if a GPU is asked for and there is none
   */
  public ConfigProto config() {
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setAllowSoftPlacement(true)
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .setGraphOptions(
                GraphOptions.newBuilder()
                    .setRewriteOptions(
                        RewriterConfig.newBuilder()
                            .setArithmeticOptimization(RewriterConfig.Toggle.OFF)));
    if (this == CPU) {
      config.putDeviceCount("GPU", 0);
    }
    if (this == GPU && gpus().isEmpty()) {
      throw new BadInput(
          "--device gpu: TensorFlow finds no GPU; allowed here are auto, cpu"
              + " (a GPU needs the NVIDIA driver and a build with -Pgpu)");
    }
    return config.build();
  }

  /** The names of the GPUs that TensorFlow can use, such as {@code /device:GPU:0}. */
  public static List<String> gpus() {
    List<String> names = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TFE_ContextOptions options = tensorflow.TFE_NewContextOptions();
      TFE_Context context = tensorflow.TFE_NewContext(options, status);
      tensorflow.TFE_DeleteContextOptions(options);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = tensorflow.TFE_ContextListDevices(context, status);
      for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
        BytePointer type = tensorflow.TF_DeviceListType(devices, i, status);
        if (type.getString().equals("GPU")) {
          names.add(tensorflow.TF_DeviceListName(devices, i, status).getString());
        }
      }
      tensorflow.TF_DeleteDeviceList(devices);
      tensorflow.TFE_DeleteContext(context);
      scope.deallocate();
    }
    return names;
  }
}
