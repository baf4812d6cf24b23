package org.tfddpm.serve.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.tfddpm.run.TfRecord;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serve.value.TensorProtos;
import org.tfddpm.serve.value.Value;
import org.tfddpm.serving.PredictRequest;
import org.tfddpm.serving.PredictionLog;

/**
 * The requests that a version brings along to be tried before it serves: the first run of each
 * signature takes seconds. One that fails fails the version.
 */
final class WarmUp {
  private static final String FILE = "assets.extra/tf_serving_warmup_requests";
  private static final int MOST = 1000;
  private static final long MINUTES = 10;

  private WarmUp() {}

  /** Tries the requests of a folder, if there are any. */
  static void run(Path folder, ModelVersion version) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return;
    }
    try {
      List<byte[]> records = TfRecord.read(Files.readAllBytes(file));
      if (records.size() > MOST) {
        throw new Failure(
            Code.INVALID_ARGUMENT,
            FILE + " has " + records.size() + " records: allowed are " + MOST);
      }
      for (byte[] record : records) {
        run(PredictionLog.parseFrom(record), version);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new Failure(Code.DATA_LOSS, FILE + " holds what is no PredictionLog", e);
    } catch (IOException e) {
      throw new Failure(Code.DATA_LOSS, FILE + ": " + e.getMessage(), e);
    }
  }

  private static void run(PredictionLog log, ModelVersion version) {
    if (!log.hasPredictLog()) {
      throw new Failure(Code.UNIMPLEMENTED, FILE + " holds what is no PredictLog");
    }
    PredictRequest request = log.getPredictLog().getRequest();
    Map<String, Value> inputs = new TreeMap<>();
    for (Map.Entry<String, ByteString> input : request.getInputsMap().entrySet()) {
      inputs.put(input.getKey(), TensorProtos.parse(input.getValue(), Integer.MAX_VALUE));
    }
    String signature = Signatures.named(request.getModelSpec().getSignatureName());
    try {
      version
          .predict(
              signature,
              inputs,
              new TreeSet<>(request.getOutputFilterList()),
              System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES))
          .join();
    } catch (RuntimeException e) {
      Failure failure = Failure.of(e);
      throw new Failure(
          failure.code(), FILE + ": " + signature + " fails: " + failure.text(), failure);
    }
  }
}
