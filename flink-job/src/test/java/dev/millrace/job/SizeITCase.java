package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.config.ExperimentReader;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.size.SizeEstimate;
import dev.millrace.job.size.SizeEstimate.Assumptions;
import dev.millrace.replay.SavedReplay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run took, against what was estimated from its configuration. */
class SizeITCase {
  private static final Percentage NEAR = Percentage.withPercentage(30);

  @TempDir private Path folder;

  @Test
  void aReplayAndItsCheckpoint() throws Exception {
    Experiment experiment =
        TestingRuns.experiment(
            "replay.samples-per-insert=1",
            "replay.capacity=400000",
            "replay.cache-bytes=1000000",
            "evaluation.target-return=501",
            "budget.environment-steps=1000000");
    Launch launch = TestingRuns.launch(experiment, folder, null);
    Path savepoint = savepointAfter(40_000, launch);

    SizeEstimate reported = estimate(experiment, (long) newest(launch, "replay_size"));
    assertThat(newest(launch, "replay_stored_bytes"))
        .isCloseTo(reported.replayStored(), Percentage.withPercentage(1));
    assertThat(newest(launch, "replay_cached_bytes"))
        .isCloseTo(reported.replayCached(), Percentage.withPercentage(1));

    // Later than the last report.
    SizeEstimate estimate = estimate(experiment, SavedReplay.read(savepoint, 2).inserted());
    assertThat(bytes(savepoint)).isCloseTo(estimate.firstCheckpoint(), NEAR);
    assertThat(Files.size(nearest(savepoint, estimate.learnerState())))
        .isCloseTo(estimate.learnerState(), Percentage.withPercentage(1));
  }

  @Test
  void aCheckpointWithoutAReplay() throws Exception {
    Experiment ppo =
        new ExperimentReader(TestingRuns.LOADER)
            .read(
                Path.of("../conf/cartpole-ppo.yaml"),
                List.of("evaluation.target-return=501", "budget.environment-steps=1000000"));
    Path savepoint = savepointAfter(5_000, TestingRuns.launch(ppo, folder, null));

    SizeEstimate estimate = estimate(ppo, 1);
    assertThat(estimate.replayStored()).isZero();
    assertThat(bytes(savepoint)).isCloseTo(estimate.firstCheckpoint(), NEAR);
  }

  private static SizeEstimate estimate(Experiment experiment, long transitions) throws IOException {
    return SizeEstimate.of(experiment, TestingRuns.LOADER, new Assumptions(transitions, 1000));
  }

  private static Path savepointAfter(long environmentSteps, Launch launch) throws Exception {
    CompletableFuture<Path> savepoint =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Path.of(new EmbeddedRunner().run(launch).savepoint());
              } catch (Exception failure) {
                throw new IllegalStateException(failure);
              }
            });
    RunProgress reached =
        TestingRuns.await(
            launch.folder(), p -> p.environmentSteps() >= environmentSteps, savepoint::isDone);
    assertThat(reached.environmentSteps()).isGreaterThanOrEqualTo(environmentSteps);
    launch.stop().request();
    return savepoint.get();
  }

  private static double newest(Launch launch, String column) throws IOException {
    List<String> rows = Files.readAllLines(launch.folder().metrics());
    int index = Arrays.asList(rows.get(0).split(",")).indexOf(column);
    return Double.parseDouble(rows.get(rows.size() - 1).split(",", -1)[index]);
  }

  private static long bytes(Path savepoint) throws IOException {
    try (Stream<Path> files = Files.walk(savepoint)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** The file nearest to a size. */
  private static Path nearest(Path savepoint, long size) throws IOException {
    try (Stream<Path> files = Files.walk(savepoint)) {
      return files
          .filter(Files::isRegularFile)
          .min((a, b) -> Long.compare(distance(a, size), distance(b, size)))
          .orElseThrow();
    }
  }

  private static long distance(Path file, long size) {
    return Math.abs(file.toFile().length() - size);
  }
}
