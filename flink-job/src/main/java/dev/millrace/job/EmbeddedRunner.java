package dev.millrace.job;

import dev.millrace.env.TicketGate;
import dev.millrace.job.run.Recording;
import dev.millrace.job.run.RunProgress;
import dev.millrace.job.run.Runner;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.TemporaryClassLoaderContext;

/**
 * Trains on a Flink mini cluster in this process. Being attached, it stops the job itself when the
 * target is reached or a stop is asked for: it shuts the ticket gate, so that little is left under
 * way, and takes a native savepoint to resume from.
 */
public final class EmbeddedRunner implements Runner {
  private static final long LOOK_MILLIS = 50;
  private static final Set<CheckpointFailureReason> STARTING_OR_ENDING =
      EnumSet.of(
          CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING,
          CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_NOT_READY,
          CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_CLOSING);

  @Override
  public Outcome run(Launch launch) throws Exception {
    Configuration options = FlinkOptions.embedded(launch);
    Recording recording =
        Recording.of(
            launch.experiment(), launch.folder(), launch.startedAtMillis(), launch.loader());
    try (StreamExecutionEnvironment env = environment(launch, options);
        TicketGate gate = TicketGate.hold()) {
      // As where a job's main method runs on a cluster: what it names may be in the user's jars.
      try (TemporaryClassLoaderContext user = TemporaryClassLoaderContext.of(launch.loader())) {
        TrainingJob.build(env, launch.experiment(), recording, gate.id(), launch.loader());
      }
      JobClient job = env.executeAsync(launch.experiment().name());
      return attend(job, gate, launch);
    }
  }

  private static StreamExecutionEnvironment environment(Launch launch, Configuration options) {
    return launch.webUi()
        ? StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(options)
        : StreamExecutionEnvironment.createLocalEnvironment(1, options);
  }

  private static Outcome attend(JobClient job, TicketGate gate, Launch launch) throws Exception {
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    while (true) {
      try {
        end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return new Outcome(reached(launch) ? Ending.TARGET_REACHED : Ending.BUDGET_SPENT, null);
      } catch (TimeoutException stillRunning) {
        boolean reached = reached(launch);
        if (reached || launch.stop().requested()) {
          Optional<Path> savepoint = stop(job, gate, end, launch);
          if (savepoint.isPresent()) {
            return new Outcome(reached ? Ending.TARGET_REACHED : Ending.STOPPED, savepoint.get());
          }
        }
      } catch (ExecutionException failure) {
        throw cause(failure);
      }
    }
  }

  private static boolean reached(Launch launch) {
    return RunProgress.read(launch.folder())
        .filter(progress -> progress.atMillis() >= launch.startedAtMillis())
        .map(RunProgress::targetReached)
        .orElse(false);
  }

  /** Stops with a savepoint as soon as all tasks run; empty if the job ended before that. */
  private static Optional<Path> stop(
      JobClient job, TicketGate gate, CompletableFuture<JobExecutionResult> end, Launch launch)
      throws Exception {
    gate.shut();
    while (true) {
      try {
        String savepoint =
            job.stopWithSavepoint(
                    false,
                    launch.folder().savepoints().toUri().toString(),
                    SavepointFormatType.NATIVE)
                .get();
        end.get();
        return Optional.of(Path.of(URI.create(savepoint)));
      } catch (ExecutionException failure) {
        if (end.isDone()) {
          return Optional.empty();
        }
        if (!startingOrEnding(failure)) {
          throw cause(failure);
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  /** Whether a savepoint failed only because some tasks do not run yet, or no longer. */
  private static boolean startingOrEnding(Throwable failure) {
    return ExceptionUtils.findThrowable(failure, CheckpointException.class)
        .map(CheckpointException::getCheckpointFailureReason)
        .filter(STARTING_OR_ENDING::contains)
        .isPresent();
  }

  /** The deepest cause, which is what went wrong; the rest tells how Flink learned of it. */
  private static Exception cause(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest instanceof Exception exception ? exception : new Exception(deepest);
  }
}
