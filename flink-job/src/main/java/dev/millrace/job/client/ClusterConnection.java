package dev.millrace.job.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;

/**
 * A way to a cluster that outlives its JobManagers: when one address stops answering, the next is
 * tried.
 */
public final class ClusterConnection implements AutoCloseable {
  private static final int USUAL_PORT = 8081;

  private final List<Configuration> ways;
  private int at;
  private ClusterClient<?> client;

  private ClusterConnection(List<Configuration> ways) {
    this.ways = ways;
  }

  /**
   * @param addresses of REST interfaces, such as {@code http://host:8081}
   */
  public static ClusterConnection to(List<URI> addresses) {
    return new ClusterConnection(addresses.stream().map(ClusterConnection::way).toList());
  }

  /** As Flink's own configuration says; with its high availability, if it has any. */
  public static ClusterConnection as(Configuration flink) {
    return new ClusterConnection(List.of(impatient(new Configuration(flink))));
  }

  /** The options that lead to an address. */
  public static Configuration way(URI address) {
    Configuration way = new Configuration();
    way.set(DeploymentOptions.TARGET, "remote");
    way.set(RestOptions.ADDRESS, address.getHost());
    way.set(RestOptions.PORT, address.getPort() < 0 ? USUAL_PORT : address.getPort());
    way.set(
        SecurityOptions.SSL_REST_ENABLED,
        "https".equals(address.getScheme().toLowerCase(Locale.ROOT)));
    return impatient(way);
  }

  /** Who asks again itself wants to know soon that nobody answers. */
  private static Configuration impatient(Configuration way) {
    way.set(RestOptions.RETRY_MAX_ATTEMPTS, 1);
    way.set(RestOptions.RETRY_DELAY, Duration.ofMillis(200));
    way.set(RestOptions.CONNECTION_TIMEOUT, Duration.ofSeconds(5));
    return way;
  }

  /** The options that lead to the present address. */
  public Configuration way() {
    return ways.get(at);
  }

  /** The client of the present address. */
  public ClusterClient<?> client() throws Exception {
    if (client == null) {
      client = connect(ways.get(at));
    }
    return client;
  }

  private static <T> ClusterClient<T> connect(Configuration way) throws Exception {
    ClusterClientFactory<T> factory =
        new DefaultClusterClientServiceLoader().getClusterClientFactory(way);
    try (ClusterDescriptor<T> descriptor = factory.createClusterDescriptor(way)) {
      return descriptor.retrieve(factory.getClusterId(way)).getClusterClient();
    }
  }

  /** Asks the cluster at its present address; failing that, the next time at another. */
  public <R> R ask(Function<ClusterClient<?>, CompletableFuture<R>> question, Duration patience)
      throws Exception {
    try {
      return question.apply(client()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      at = (at + 1) % ways.size();
      throw e;
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
