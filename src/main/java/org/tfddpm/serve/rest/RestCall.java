package org.tfddpm.serve.rest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tfddpm.serve.model.ModelChoice;
import org.tfddpm.serve.value.Failure;

/**
 * What a method and a path ask for.
 *
 * @param verb predict, classify, regress, metadata or status
 */
record RestCall(String verb, ModelChoice model) {
  static final String PREDICT = "predict";
  static final String METADATA = "metadata";
  static final String STATUS = "status";

  private static final Pattern POST =
      Pattern.compile(
          "(?i)/v1/models/([^/:]+)(?:(?:/versions/(\\d+))|(?:/labels/([^/:]+)))?"
              + ":(classify|regress|predict)");
  private static final Pattern GET =
      Pattern.compile(
          "(?i)/v1/models(?:/([^/:]+))?(?:/versions/(\\d+)|/labels/([^/:]+))?(?:/(metadata))?");

  /**
   * Reads them.
   *
   * @param path percent-encoded, without a query
   * @throws Failure INVALID_ARGUMENT if they are none
   */
  static RestCall parse(String method, String path) {
    Matcher post = POST.matcher(path);
    if (method.equals("POST") && post.matches()) {
      return new RestCall(
          post.group(4).toLowerCase(java.util.Locale.ROOT),
          choice(post.group(1), post.group(2), post.group(3)));
    }
    Matcher get = GET.matcher(path);
    if (method.equals("GET") && get.matches()) {
      if (get.group(1) == null) {
        throw Failure.invalid("Missing model name in request.");
      }
      return new RestCall(
          get.group(4) == null ? STATUS : METADATA,
          choice(get.group(1), get.group(2), get.group(3)));
    }
    throw Failure.invalid("Malformed request: %s %s", method, path);
  }

  private static ModelChoice choice(String name, @Nullable String version, @Nullable String label) {
    OptionalLong number = OptionalLong.empty();
    if (version != null) {
      try {
        number = OptionalLong.of(Long.parseLong(version));
      } catch (NumberFormatException e) {
        throw Failure.invalid("Failed to convert version: %s to numeric.", version);
      }
    }
    return new ModelChoice(decode(name), number, Optional.ofNullable(label).map(RestCall::decode));
  }

  /** Percent-encoded text; what is encoded wrongly stays as it is. */
  private static String decode(String text) {
    try {
      return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
