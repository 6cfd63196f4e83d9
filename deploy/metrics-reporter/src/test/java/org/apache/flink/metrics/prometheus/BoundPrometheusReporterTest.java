package org.apache.flink.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.Gauge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.junit.jupiter.api.Test;

class BoundPrometheusReporterTest {
  @Test
  void answersOnTheLoopbackAndNowhereElse() throws Exception {
    BoundPrometheusReporter reporter = create(Map.of("port", "0"));
    try {
      Gauge.build("steps", "of the environments").register(reporter.registry).set(7);
      assertThat(scrape(reporter.port())).contains("steps 7.0");
      for (InetAddress address : otherAddresses()) {
        assertThatThrownBy(() -> new Socket(address, reporter.port()).close())
            .isInstanceOf(IOException.class);
      }
    } finally {
      reporter.close();
    }
  }

  @Test
  void takesTheFirstFreePortOfTheRange() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      BoundPrometheusReporter reporter = create(Map.of("port", port + ",0"));
      try {
        assertThat(reporter.port()).isNotEqualTo(port);
      } finally {
        reporter.close();
      }
    }
  }

  @Test
  void saysWhatToDoWhenNoPortIsFree() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> create(Map.of("port", "" + taken.getLocalPort())))
          .hasMessage(
              "metrics for Prometheus: no port can be bound on 127.0.0.1; without one nothing is"
                  + " reported: widen metrics.reporter.NAME.port, or correct its host");
    }
  }

  @Test
  void isFoundByFlink() {
    assertThat(ServiceLoader.load(MetricReporterFactory.class))
        .hasAtLeastOneElementOfType(BoundPrometheusReporterFactory.class);
  }

  private static BoundPrometheusReporter create(Map<String, String> options) {
    MetricConfig config = new MetricConfig();
    config.putAll(options);
    return new BoundPrometheusReporterFactory().createMetricReporter(config);
  }

  private static String scrape(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static List<InetAddress> otherAddresses() throws Exception {
    return Stream.concat(
            Stream.of(InetAddress.getByName("127.0.0.2")),
            NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress()))
        .toList();
  }
}
