package dev.millrace.job.seen;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Properties;
import org.apache.flink.metrics.prometheus.AbstractPrometheusReporter;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink's Prometheus reporter in all but one thing: it listens on loopback only, at a free port.
 * {@code PrometheusReporter} itself binds the wildcard address and has no option for another.
 */
public final class LoopbackReporter extends AbstractPrometheusReporter {
  /** Overrides with which the cluster of a run reports so. */
  static final List<String> OPTIONS =
      List.of("flink.metrics.reporter.loopback.factory.class=" + Factory.class.getName());

  private static volatile URI address;

  private final HTTPServer server;

  private LoopbackReporter() {
    try {
      Field registry = AbstractPrometheusReporter.class.getDeclaredField("registry");
      registry.setAccessible(true);
      server =
          new HTTPServer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              (CollectorRegistry) registry.get(this),
              true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    address = URI.create("http://127.0.0.1:" + server.getPort() + "/metrics");
  }

  /** Of the newest reporter in this JVM; null before the first. */
  static URI address() {
    return address;
  }

  static void forget() {
    address = null;
  }

  @Override
  public void close() {
    server.stop();
    super.close();
  }

  /** Found by Flink through {@code ServiceLoader}. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new LoopbackReporter();
    }
  }
}
