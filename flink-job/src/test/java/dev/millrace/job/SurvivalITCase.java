package dev.millrace.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.job.config.Experiment;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner.Ending;
import dev.millrace.job.run.Runner.Launch;
import dev.millrace.job.run.Runner.Outcome;
import dev.millrace.replay.SavedReplay;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run keeps through a killed TaskManager, a stop, a rescale and a changed configuration. */
class SurvivalITCase {
  private static final int ENVIRONMENTS = 8;

  @TempDir private Path folder;

  @Test
  void aKilledTaskManagerCostsNothingThatWasRememberedOrLearned() throws Exception {
    // No return exceeds 500, so the run goes on however early it is solved.
    Experiment experiment =
        TestingRuns.experiment("evaluation.target-return=501", "budget.environment-steps=200000");
    Launch launch = TestingRuns.launch(experiment, folder, null);
    try (MiniCluster cluster = new MiniCluster(twoTaskManagers())) {
      cluster.start();
      TestStreamEnvironment env =
          new TestStreamEnvironment(cluster, FlinkOptions.job(launch), 1, List.of(), List.of());
      TrainingJob.build(env, experiment, recording(launch), TestingRuns.LOADER);
      JobClient job = env.executeAsync();
      CompletableFuture<?> end = job.getJobExecutionResult();

      RunProgress before =
          TestingRuns.await(
              launch.folder(), p -> p.checkpoints() >= 2 && p.updates() > 200, end::isDone);
      cluster.terminateTaskManager(0).get();
      cluster.startTaskManager();
      RunProgress after =
          TestingRuns.await(
              launch.folder(),
              p ->
                  p.restarts() > 0
                      && p.environmentSteps() > before.environmentSteps() + 2000
                      && p.bestEvaluation() >= 475,
              end::isDone);

      assertThat(after.environmentSteps()).isLessThanOrEqualTo(experiment.budgetSteps());
      String savepoint =
          job.stopWithSavepoint(
                  false, launch.folder().savepoints().toString(), SavepointFormatType.NATIVE)
              .get();
      end.get();
      assertNothingLostOrDoubled(launch, Path.of(URI.create(savepoint)));
    }
  }

  private static MiniClusterConfiguration twoTaskManagers() {
    return new MiniClusterConfiguration.Builder()
        .setNumTaskManagers(2)
        .setNumSlotsPerTaskManager(2)
        .build();
  }

  private static Recording recording(Launch launch) {
    return Recording.of(
        launch.experiment(), launch.folder(), launch.startedAtMillis(), true, launch.loader());
  }

  /** Every step of every environment is in the replay once, and in the curve once. */
  private static void assertNothingLostOrDoubled(Launch launch, Path savepoint) throws Exception {
    SavedReplay replay = SavedReplay.read(savepoint, launch.experiment().replay().shards());
    assertThat(replay.doubled()).isZero();
    assertThat(replay.inserted()).isEqualTo(replay.weights().size());
    for (int environment = 0; environment < ENVIRONMENTS; environment++) {
      long recorded = TestingRuns.recordedSteps(launch.folder()).get(environment);
      assertThat(replay.unbrokenSteps(environment))
          .as("steps of environment %d", environment)
          .isBetween(recorded, recorded + 500);
    }
  }

  @Test
  void aStoppedRunResumesAtAnotherParallelismWithoutLosingOrDoublingAnything() throws Exception {
    Outcome stopped = runUntil(2000, TestingRuns.launch(withTasks(2), folder, null));
    SavedReplay atTwo = SavedReplay.read(Path.of(stopped.savepoint()), 2);
    for (int tasks : new int[] {1, 2}) {
      Launch launch = TestingRuns.launch(withTasks(tasks), folder, stopped.savepoint());
      SavedReplay before = SavedReplay.read(Path.of(stopped.savepoint()), 2);
      stopped = runUntil(before.inserted() + 1500, launch);
      assertNothingLostOrDoubled(launch, Path.of(stopped.savepoint()));
      assertThat(SavedReplay.read(Path.of(stopped.savepoint()), 2).weights().keySet())
          .containsAll(before.weights().keySet());
    }
    assertThat(SavedReplay.read(Path.of(stopped.savepoint()), 2).inserted())
        .isGreaterThan(atTwo.inserted() + 2000);
  }

  private static Experiment withTasks(int tasks) {
    return TestingRuns.experiment("actor.parallelism=" + tasks, "replay.parallelism=" + tasks);
  }

  private static Outcome runUntil(long environmentSteps, Launch launch) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread runner =
        new Thread(
            () -> {
              try {
                outcome.complete(new EmbeddedRunner().run(launch));
              } catch (Throwable failure) {
                outcome.completeExceptionally(failure);
              }
            });
    runner.start();
    try {
      TestingRuns.await(
          launch.folder(), p -> p.environmentSteps() >= environmentSteps, outcome::isDone);
    } finally {
      launch.stop().request();
      runner.join();
    }
    assertThat(outcome.get().ending()).isEqualTo(Ending.STOPPED);
    return outcome.get();
  }

  @Test
  void aChangedConfigurationAppliesIfItIsHarmlessAndIsRefusedIfItBreaksState() throws Exception {
    Outcome stopped = runUntil(1500, TestingRuns.launch(withTasks(1), folder, null));
    Experiment harmless =
        TestingRuns.experiment("learner.learning-rate=0.0001", "algorithm.epsilon-base=0.3");
    runUntil(3000, TestingRuns.launch(harmless, folder, stopped.savepoint()));

    Experiment breaking = TestingRuns.experiment("replay.shards=4", "network.hidden=[32]");
    Launch launch = TestingRuns.launch(breaking, folder, stopped.savepoint());
    assertThatThrownBy(() -> new EmbeddedRunner().run(launch))
        .hasMessageContaining("network.hidden")
        .hasMessageContaining("replay.shards");
  }
}
