package dev.millrace.job.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.junit.jupiter.api.Test;

class ClusterConnectionTest {
  private static String version(ClusterConnection cluster) throws Exception {
    return cluster
        .ask(client -> ((RestClusterClient<?>) client).getClusterOverview(), Duration.ofSeconds(20))
        .getVersion();
  }

  private static int port(ClusterConnection cluster) {
    return cluster.way().get(RestOptions.PORT);
  }

  @Test
  void whereNobodyAnswersTheNextAddressIsTried() throws Exception {
    URI nobody = TestingCluster.nobody();
    try (TestingCluster second = TestingCluster.of("1.20.3", 3, "key");
        ClusterConnection cluster = ClusterConnection.to(List.of(nobody, second.address()))) {
      assertThat(port(cluster)).isEqualTo(nobody.getPort());
      assertThatThrownBy(() -> version(cluster)).isInstanceOf(ExecutionException.class);
      assertThat(version(cluster)).isEqualTo("1.20.3");
      assertThat(version(cluster)).as("stays with who answers").isEqualTo("1.20.3");
      assertThat(port(cluster)).isEqualTo(second.address().getPort());
    }
  }

  @Test
  void afterTheLastAddressComesTheFirstAgain() throws Exception {
    try (TestingCluster first = TestingCluster.of("1.20.1", 3, "key")) {
      TestingCluster second = TestingCluster.of("1.20.2", 3, "key");
      try (ClusterConnection cluster =
          ClusterConnection.to(List.of(first.address(), second.address()))) {
        assertThat(version(cluster)).isEqualTo("1.20.1");
        assertThatThrownBy(() -> cluster.ask(client -> failed(), Duration.ofSeconds(1)));
        assertThat(version(cluster)).isEqualTo("1.20.2");
        second.close();
        assertThatThrownBy(() -> version(cluster)).isInstanceOf(ExecutionException.class);
        assertThat(version(cluster)).isEqualTo("1.20.1");
      }
    }
  }

  private static CompletableFuture<Void> failed() {
    return CompletableFuture.failedFuture(new IllegalStateException("dead"));
  }

  @Test
  void anAddressWithoutAPortHasFlinksUsualOne() {
    Configuration way = ClusterConnection.way(URI.create("https://host"));
    assertThat(way.get(RestOptions.ADDRESS)).isEqualTo("host");
    assertThat(way.get(RestOptions.PORT)).isEqualTo(8081);
    assertThat(way.get(SecurityOptions.SSL_REST_ENABLED)).isTrue();
    assertThat(
            ClusterConnection.way(URI.create("http://host:80"))
                .get(SecurityOptions.SSL_REST_ENABLED))
        .isFalse();
  }
}
