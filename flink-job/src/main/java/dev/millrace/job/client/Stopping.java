package dev.millrace.job.client;

import java.net.URI;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.util.ExceptionUtils;

/** Takes the savepoint a job is stopped with. */
final class Stopping {
  private static final long PAUSE_MILLIS = 50;
  private static final Set<CheckpointFailureReason> STARTING_OR_ENDING =
      EnumSet.of(
          CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING,
          CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_NOT_READY,
          CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_CLOSING);

  private Stopping() {}

  /** Stops as soon as all tasks run; empty if the job ended before that. */
  static Optional<URI> retrying(
      CompletableFuture<?> end, Supplier<CompletableFuture<String>> stopping) throws Exception {
    while (true) {
      try {
        String savepoint = stopping.get().get();
        end.get();
        return Optional.of(URI.create(savepoint));
      } catch (ExecutionException failure) {
        if (end.isDone()) {
          return Optional.empty();
        }
        if (!startingOrEnding(failure)) {
          throw failure;
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (IllegalStateException clusterEnded) {
        end.get();
        return Optional.empty();
      }
    }
  }

  /** Whether a savepoint failed only because some tasks do not run yet, or no longer. */
  private static boolean startingOrEnding(Throwable failure) {
    return ExceptionUtils.findSerializedThrowable(
            failure, CheckpointException.class, Stopping.class.getClassLoader())
        .map(CheckpointException::getCheckpointFailureReason)
        .filter(STARTING_OR_ENDING::contains)
        .isPresent();
  }
}
