package org.tfddpm.serve.rest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.tfddpm.serve.value.Failure;

/**
 * The bytes of a request. What is too long is read on and thrown away: a client that is still
 * writing would not see an answer.
 */
final class Body implements Subscriber<HttpObject> {
  /** How many times too long a body may be before the connection is cut. */
  private static final int PATIENCE = 8;

  private final int most;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private @Nullable Subscription stream;
  private long length;

  private Body(int most) {
    this.most = most;
  }

  /** Reads a body; the future fails with RESOURCE_EXHAUSTED if it is longer than most. */
  static CompletableFuture<byte[]> read(HttpRequest request, int most) {
    Body body = new Body(most);
    request.subscribe(body);
    return body.whole;
  }

  static Failure tooLong(int most) {
    return Failure.tooLarge("a body of over " + most + " bytes: see --max-body");
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    stream = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(HttpObject part) {
    if (!(part instanceof HttpData data)) {
      return;
    }
    length += data.length();
    if (length <= most) {
      kept.writeBytes(data.array());
    } else {
      kept.reset();
    }
    if (length > (long) PATIENCE * most && stream != null) {
      stream.cancel();
      whole.completeExceptionally(tooLong(most));
    }
  }

  @Override
  public void onError(Throwable failure) {
    whole.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (length <= most) {
      whole.complete(kept.toByteArray());
    } else {
      whole.completeExceptionally(tooLong(most));
    }
  }
}
