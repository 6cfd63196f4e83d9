package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Ending;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.Runner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on the embedded cluster: how they end and what they leave. */
class EmbeddedRunnerITCase {
  @TempDir private Path folder;

  @Test
  void aBoundedRunSpendsItsBudgetExactlyAndLeavesASavepoint() throws Exception {
    Experiment experiment =
        TestingRuns.experiment("budget.environment-steps=3003", "replay.minimum-size=500");
    Launch launch = TestingRuns.launch(experiment, folder, null);

    Outcome outcome = new EmbeddedRunner().run(launch);

    assertThat(outcome.ending()).isEqualTo(Ending.BUDGET_SPENT);
    assertThat(Path.of(outcome.savepoint()))
        .as("to go on from, with a larger budget")
        .isDirectoryContaining("glob:**_metadata");
    RunProgress end = RunProgress.read(launch.folder()).orElseThrow();
    assertThat(end.environmentSteps()).as("groups of 2 divide 3002 and not 3003").isEqualTo(3002);
    double window = experiment.replay().limiter().max() - experiment.replay().limiter().min();
    assertThat(end.updates() * 64.0)
        .as("all that the limiter allows was sampled before the end")
        .isBetween(3002 * 16.0 - 500 * 16 - window, 3002 * 16.0);
    assertThat(end.bestEvaluation()).as("the last parameters were judged").isNotNaN();
  }

  @Test
  void aRunThatReachesItsTargetLeavesEverythingASuccessorNeeds() throws Exception {
    Launch launch =
        TestingRuns.launch(TestingRuns.experiment("evaluation.target-return=60"), folder, null);

    Outcome outcome = new EmbeddedRunner().run(launch);

    assertThat(outcome.ending()).isEqualTo(Ending.TARGET_REACHED);
    assertThat(Path.of(outcome.savepoint()))
        .isEqualTo(launch.folder().newestSavepoint().orElseThrow());
    for (Path file :
        new Path[] {
          launch.folder().summary(),
          launch.folder().metrics(),
          launch.folder().learningCurve(),
          launch.folder().bestPolicy(),
          launch.folder().bestModel()
        }) {
      assertThat(file).isNotEmptyFile();
    }
    assertThat(Files.readString(launch.folder().summary())).contains("\"solved\" : true");
  }

  @Test
  void aDetachedRunEndsAtItsTarget() throws Exception {
    Experiment experiment = TestingRuns.experiment("evaluation.target-return=60");
    Launch launch = TestingRuns.launch(experiment, folder, null);
    try (StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, FlinkOptions.embedded(launch))) {
      Recording recording =
          Recording.of(
              experiment, launch.folder(), launch.startedAtMillis(), false, launch.loader());
      TrainingJob.build(env, experiment, recording, launch.loader());
      env.execute();
    }
    RunProgress end = RunProgress.read(launch.folder()).orElseThrow();
    assertThat(end.targetReached()).isTrue();
    assertThat(end.environmentSteps()).isLessThan(experiment.budgetSteps());
  }

  @Test
  void aStopAskedForBeforeAnythingRunsStillLeavesASavepoint() throws Exception {
    Launch launch = TestingRuns.launch(TestingRuns.experiment(), folder, null);
    launch.stop().request();

    Outcome outcome = new EmbeddedRunner().run(launch);

    assertThat(outcome.ending()).isEqualTo(Ending.STOPPED);
    assertThat(Path.of(outcome.savepoint())).isDirectoryContaining("glob:**_metadata");
  }

  @Test
  void aRunThatFailsAgainAndAgainEndsWithTheReason() throws Exception {
    Launch launch =
        TestingRuns.launch(
            TestingRuns.experiment(
                "flink.restart-strategy.exponential-delay.initial-backoff=1ms",
                "flink.restart-strategy.exponential-delay.max-backoff=10ms"),
            folder,
            null);
    Files.createDirectories(launch.folder().episodes());
    assertThatThrownBy(() -> new EmbeddedRunner().run(launch))
        .hasMessageContaining(launch.folder().episodes().toString());
  }

  @Test
  void aNetworkThatIsNoLongerFiniteFailsTheRunWithoutRestarts() {
    Launch launch =
        TestingRuns.launch(
            TestingRuns.experiment("learner.learning-rate=1e30", "learner.max-non-finite=3"),
            folder,
            null);
    assertThatThrownBy(() -> new EmbeddedRunner().run(launch))
        .hasMessageContaining("is not finite")
        .hasMessageContaining("learner.max-non-finite (3)");
    assertThat(RunProgress.read(launch.folder()).orElseThrow().restarts()).isZero();
  }
}
