package dev.millrace.job.seen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.EmbeddedRunner;
import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunFolder;
import dev.millrace.job.run.Runner.Cluster;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.Runner.Outcome;
import dev.millrace.job.run.StopRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running job answers Prometheus, against what the page says it does. */
class ScrapeITCase {
  private static final ClassLoader LOADER = ScrapeITCase.class.getClassLoader();
  private static final Path ROOT = Path.of("..");

  /** No return exceeds 500, so a run goes on until it is told to stop. */
  private static final String ENDLESS =
      """
      environment: {name: CartPole-v1, count: 4, group-size: 2}
      actor: {parallelism: 2}
      evaluation: {target-return: 501, episodes-first: 2, episodes: 4}
      budget: {environment-steps: 100000000}
      checkpoint: {interval: 500ms}
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @BeforeEach
  void forgetReportersBefore() {
    LoopbackReporter.forget();
  }

  @Test
  void aJobWithAReplayShowsWhatThePageTellsAndNoMore() throws Exception {
    compare(
        "dqn",
        true,
        "algorithm.name=dqn",
        "replay.shards=2",
        "replay.parallelism=2",
        "replay.minimum-size=200");
  }

  @Test
  void aJobWithoutAReplayShowsWhatThePageTellsAndNoMore() throws Exception {
    compare("ppo", false, "algorithm.name=ppo", "actor.steps-per-ticket=64");
  }

  private void compare(String algorithm, boolean replay, String... overrides) throws Exception {
    MetricsPage page = MetricsPage.read(ROOT);
    Set<String> expected = page.namesOf(algorithm, replay);
    expected.addAll(page.flinksOwn());

    StopRequest stop = new StopRequest();
    CompletableFuture<Outcome> run = start(stop, overrides);
    try {
      Scrape scrape = untilKnown(expected, run);
      assertThat(page.differences(scrape, algorithm, replay)).isEmpty();
    } finally {
      stop.request();
      run.join();
    }
  }

  /** Scrapes until each of {@code names} has been a number once, or the run is over. */
  private static Scrape untilKnown(Set<String> names, CompletableFuture<?> run)
      throws IOException, InterruptedException {
    Set<String> unknown = new TreeSet<>(names);
    long latest = System.nanoTime() + PATIENCE.toNanos();
    while (!run.isDone() && System.nanoTime() < latest) {
      Thread.sleep(100);
      if (LoopbackReporter.address() != null) {
        Scrape scrape = Scrape.of(LoopbackReporter.address());
        unknown.removeAll(scrape.known());
        if (unknown.isEmpty()) {
          return scrape;
        }
      }
    }
    run.getNow(null);
    throw new AssertionError("had never been a number: " + unknown);
  }

  private CompletableFuture<Outcome> start(StopRequest stop, String... overrides) {
    List<String> options = new ArrayList<>(LoopbackReporter.OPTIONS);
    options.addAll(List.of(overrides));
    Experiment experiment = new ExperimentReader(LOADER).read("test", ENDLESS, "test", options);
    long now = System.currentTimeMillis();
    Launch launch =
        new Launch(
            experiment,
            RunFolder.at(folder),
            null,
            now,
            LOADER,
            List.of(),
            false,
            Cluster.NONE,
            stop);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new EmbeddedRunner().run(launch);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }
}
