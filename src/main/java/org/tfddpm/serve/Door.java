package org.tfddpm.serve;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.tfddpm.serve.value.Code;

/** What every request passes: the token, where one is asked for, and headers that browsers heed. */
final class Door extends SimpleDecoratingHttpService {
  private static final String BEARER = "Bearer ";
  private static final String MISSING = "a bearer token is needed: Authorization: Bearer TOKEN";

  private final Optional<byte[]> token;

  Door(HttpService inside, Optional<String> token) {
    super(inside);
    this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
    HttpResponse response =
        token.isEmpty() || mayEnter(request) ? unwrap().serve(context, request) : refused(request);
    return response.mapHeaders(
        headers ->
            headers.toBuilder()
                .set("x-content-type-options", "nosniff")
                .set("x-frame-options", "DENY")
                .set("referrer-policy", "no-referrer")
                .set("content-security-policy", "default-src 'self'; frame-ancestors 'none'")
                .build());
  }

  private boolean mayEnter(HttpRequest request) {
    String given = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    // In a time that does not tell how much of it is right.
    return given.startsWith(BEARER)
        && MessageDigest.isEqual(
            token.orElseThrow(),
            given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse refused(HttpRequest request) {
    MediaType type = request.contentType();
    if (type != null && type.subtype().startsWith("grpc")) {
      return HttpResponse.of(
          ResponseHeaders.builder(HttpStatus.OK)
              .contentType(type)
              .endOfStream(true)
              .add("grpc-status", Integer.toString(Code.UNAUTHENTICATED.number()))
              .add("grpc-message", MISSING)
              .build());
    }
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.UNAUTHORIZED)
            .contentType(MediaType.JSON)
            .add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer")
            .build(),
        com.linecorp.armeria.common.HttpData.ofUtf8("{\"error\": \"" + MISSING + "\"}"));
  }
}
