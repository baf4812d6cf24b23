package org.tfddpm.serve.grpc;

import io.grpc.stub.StreamObserver;
import org.tfddpm.serve.model.Models;
import org.tfddpm.serve.model.VersionStatus;
import org.tfddpm.serve.value.Code;
import org.tfddpm.serve.value.Failure;
import org.tfddpm.serving.GetModelStatusRequest;
import org.tfddpm.serving.GetModelStatusResponse;
import org.tfddpm.serving.ModelServiceGrpc;
import org.tfddpm.serving.ModelVersionStatus;
import org.tfddpm.serving.NotOffered;
import org.tfddpm.serving.StatusProto;

/** Tells what becomes of versions. */
public final class ModelRpc extends ModelServiceGrpc.ModelServiceImplBase {
  private final Models models;

  /** Answers for some models. */
  public ModelRpc(Models models) {
    this.models = models;
  }

  @Override
  public void getModelStatus(
      GetModelStatusRequest request, StreamObserver<GetModelStatusResponse> answer) {
    GetModelStatusResponse.Builder response = GetModelStatusResponse.newBuilder();
    try {
      for (VersionStatus status :
          models.status(Rpc.choice(request.hasModelSpec(), request.getModelSpec()))) {
        response.addModelVersionStatus(
            ModelVersionStatus.newBuilder()
                .setVersion(status.version())
                .setStateValue(status.state().number())
                .setStatus(
                    StatusProto.newBuilder()
                        .setErrorCode(status.code().number())
                        .setErrorMessage(status.message())));
      }
    } catch (RuntimeException e) {
      answer.onError(Rpc.status(Failure.of(e)));
      return;
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  @Override
  public void handleReloadConfigRequest(NotOffered request, StreamObserver<NotOffered> answer) {
    answer.onError(
        Rpc.status(
            new Failure(
                Code.PERMISSION_DENIED,
                "models are chosen where the server is started: a caller could have any folder"
                    + " loaded")));
  }
}
