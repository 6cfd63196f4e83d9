package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Iterator;

/**
 * Flink's Prometheus reporter, listening on one address. Flink 1.20's own listens on every
 * interface and has no option to say otherwise. It stands in Flink's package because the registry
 * of metrics is visible only there.
 */
public final class BoundPrometheusReporter extends AbstractPrometheusReporter {
  private final HTTPServer server;

  /**
   * @throws IllegalStateException if the host is none of this machine's, or none of the ports free
   */
  BoundPrometheusReporter(String host, Iterator<Integer> ports) {
    server = serve(host, ports);
    log.info("Metrics for Prometheus at http://{}:{}/metrics", host, server.getPort());
  }

  private HTTPServer serve(String host, Iterator<Integer> ports) {
    IOException last = null;
    while (ports.hasNext()) {
      int port = ports.next();
      try {
        return new HTTPServer(new InetSocketAddress(host, port), registry, true);
      } catch (IOException e) {
        last = e;
      }
    }
    throw new IllegalStateException(
        "metrics for Prometheus: no port can be bound on "
            + host
            + "; without one nothing is reported: widen metrics.reporter.NAME.port, or correct its"
            + " host",
        last);
  }

  /** The port that was taken. */
  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.stop();
    super.close();
  }
}
