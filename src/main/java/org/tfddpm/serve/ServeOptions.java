package org.tfddpm.serve;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server listens, and what it takes.
 *
 * @param address of REST, and of all else; port 0 is any free one
 * @param grpcPort a second port; 0 is any free one
 * @param tls certificate and key, if encrypted
 * @param token that every request but those for the page must bring, if any
 * @param maxBody bytes of a request
 * @param timeout of a request
 * @param drain how long requests that run may take at the end
 */
public record ServeOptions(
    InetSocketAddress address,
    int grpcPort,
    Optional<Tls> tls,
    Optional<String> token,
    int maxBody,
    Duration timeout,
    Duration drain) {

  /**
   * PEM files.
   *
   * @param certificate with its chain
   * @param key PKCS#8, not encrypted
   */
  public record Tls(Path certificate, Path key) {}
}
