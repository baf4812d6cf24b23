package org.tfddpm.serve.value;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.tensorflow.exceptions.TFFailedPreconditionException;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;

/** Why a request has no answer: a code and a text, which REST and gRPC say in their own way. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Of TensorFlow's messages, which may hold a whole stack of operations. */
  private static final int LONGEST = 1024;

  private static final int HTTP_TOO_LARGE = 413;

  private final Code code;
  private final int http;

  /** A failure. */
  public Failure(Code code, String message) {
    this(code, code.http(), message, null);
  }

  /** A failure that comes from another. */
  public Failure(Code code, String message, Throwable cause) {
    this(code, code.http(), message, cause);
  }

  private Failure(Code code, int http, String message, @Nullable Throwable cause) {
    super(cut(message), cause);
    this.code = code;
    this.http = http;
  }

  /** A request of too many bytes, for which HTTP has a status of its own. */
  public static Failure tooLarge(String message) {
    return new Failure(Code.RESOURCE_EXHAUSTED, HTTP_TOO_LARGE, message, null);
  }

  /** What the caller did wrong. */
  @FormatMethod
  public static Failure invalid(@FormatString String format, Object... values) {
    return new Failure(Code.INVALID_ARGUMENT, String.format(format, values));
  }

  /** Whatever was thrown, as a failure. */
  public static Failure of(Throwable thrown) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    if ((thrown instanceof CompletionException || thrown instanceof ExecutionException)
        && thrown.getCause() != null) {
      return of(thrown.getCause());
    }
    return thrown instanceof TimeoutException
        ? new Failure(Code.DEADLINE_EXCEEDED, "the request's time was over", thrown)
        : new Failure(codeOf(thrown), text(thrown), thrown);
  }

  /** The code. */
  public Code code() {
    return code;
  }

  /** The status of a REST answer. */
  public int http() {
    return http;
  }

  /** The text; never null. */
  public String text() {
    return text(this);
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  private static Code codeOf(Throwable thrown) {
    if (thrown instanceof TFInvalidArgumentException) {
      return Code.INVALID_ARGUMENT;
    }
    if (thrown instanceof TFFailedPreconditionException) {
      return Code.FAILED_PRECONDITION;
    }
    if (thrown instanceof TFOutOfRangeException) {
      return Code.OUT_OF_RANGE;
    }
    if (thrown instanceof TFResourceExhaustedException) {
      return Code.RESOURCE_EXHAUSTED;
    }
    if (thrown instanceof TFUnimplementedException) {
      return Code.UNIMPLEMENTED;
    }
    return thrown instanceof CancellationException ? Code.CANCELLED : Code.INTERNAL;
  }

  private static String cut(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...TRUNCATED";
  }
}
