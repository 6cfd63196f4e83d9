package dev.millrace.deploy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.seen.MetricsPage;
import dev.millrace.job.seen.Scrape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the processes of a cluster answer Prometheus, against docs/metrics.md. */
class MetricsITCase {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void aClustersReportersShowWhatThePageTellsAndNoMore() throws Exception {
    int first = SessionCluster.freePort();
    int second = SessionCluster.freePort();
    String ports = "metrics.reporter.prometheus.port=" + first + "," + second;
    Path cluster = folder.resolve("cluster");
    try (SessionCluster running =
        SessionCluster.start(cluster, "--taskmanagers", "1", "--slots", "2", "-D", ports)) {
      submit(running);
      MetricsPage page = MetricsPage.read(SessionCluster.ROOT);
      List<String> differences;
      long end = System.nanoTime() + LIMIT.toNanos();
      do {
        Thread.sleep(500);
        differences = differences(page, address(first), address(second));
      } while (!differences.isEmpty() && System.nanoTime() < end);
      assertThat(differences).isEmpty();
    }
  }

  private void submit(SessionCluster cluster) throws IOException {
    Path configuration = Files.writeString(folder.resolve("small.yaml"), SubmissionITCase.SMALL);
    String endless = "budget.environment-steps=100000000";
    String jar = SubmissionITCase.JAR.toString();
    cluster.flink("run", "-d", jar, "train", configuration.toString(), "--set", endless).expected();
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port + "/metrics");
  }

  private static List<String> differences(MetricsPage page, URI... reporters)
      throws InterruptedException {
    try {
      return page.differences(Scrape.of(reporters), "dqn", true);
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }
}
