package dev.millrace.job.client;

import dev.millrace.job.run.Answer;
import dev.millrace.job.run.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointStatistics;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatistics;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatisticsHeaders;
import org.apache.flink.util.ExceptionUtils;

/** A job on a cluster: a JobManager that fails over is waited for. */
public final class ClusterJob implements RunningJob {
  /** A JobManager that dies is replaced within this, or not at all. */
  private static final Duration LOST = Duration.ofMinutes(5);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SAVEPOINT = Duration.ofMinutes(10);
  private static final long STATUS_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_MILLIS = 500;

  private final ClusterConnection cluster;
  private final JobID id;
  private final OperatorID recorder;
  private final ClassLoader loader;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private long heardNanos = System.nanoTime();
  private long statusNanos;

  /**
   * @param loader for what the job failed with
   */
  public ClusterJob(ClusterConnection cluster, JobID id, OperatorID recorder, ClassLoader loader) {
    this.cluster = cluster;
    this.id = id;
    this.recorder = recorder;
    this.loader = loader;
  }

  @Override
  public CompletableFuture<?> end() {
    return end;
  }

  @Override
  public Optional<Answer> ask(Question question) throws InterruptedException {
    try {
      long now = System.nanoTime();
      if (now - statusNanos > STATUS_NANOS) {
        statusNanos = now;
        lookWhetherItEnded();
      }
      if (end.isDone()) {
        return Optional.empty();
      }
      Optional<Answer> answer =
          Answer.from(
              cluster.ask(
                  client -> client.sendCoordinationRequest(id, recorder, question), PATIENCE));
      heardNanos = System.nanoTime();
      return answer;
    } catch (InterruptedException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      waitOrGiveUp(e);
      return Optional.empty();
    }
  }

  private void waitOrGiveUp(Exception failure) throws InterruptedException {
    if (System.nanoTime() - heardNanos > LOST.toNanos()) {
      throw new LostJobException(
          "job %s: the cluster has not answered for %d minutes (%s); the job may still run there"
              .formatted(id, LOST.toMinutes(), AttendedRun.cause(failure).getMessage()),
          failure);
    }
    Thread.sleep(PAUSE_MILLIS);
  }

  private void lookWhetherItEnded() throws Exception {
    JobStatus status = cluster.ask(client -> client.getJobStatus(id), PATIENCE);
    heardNanos = System.nanoTime();
    if (status.isGloballyTerminalState()) {
      JobResult result = cluster.ask(client -> client.requestJobResult(id), PATIENCE);
      try {
        result.toJobExecutionResult(loader);
        end.complete(null);
      } catch (Exception e) {
        end.completeExceptionally(e);
      }
    }
  }

  /** Whether the job runs, or will again. */
  public boolean isRunning() throws Exception {
    try {
      return !cluster.ask(client -> client.getJobStatus(id), PATIENCE).isGloballyTerminalState();
    } catch (ExecutionException e) {
      if (ExceptionUtils.findThrowable(e, FlinkJobNotFoundException.class).isPresent()
          || ExceptionUtils.findThrowableWithMessage(e, "not found").isPresent()) {
        return false;
      }
      throw e;
    }
  }

  /** What a job that has ended can be gone on from; empty if it runs, or left nothing. */
  public Optional<String> leftBehind() throws Exception {
    JobStatus status = cluster.ask(client -> client.getJobStatus(id), PATIENCE);
    return switch (status) {
      case FINISHED -> external(checkpoints().getSavepointStatistics());
      case FAILED, CANCELED -> external(checkpoints().getCompletedCheckpointStatistics());
      default -> Optional.empty();
    };
  }

  private static Optional<String> external(
      CheckpointStatistics.CompletedCheckpointStatistics checkpoint) {
    return Optional.ofNullable(checkpoint)
        .filter(each -> !each.isDiscarded())
        .map(each -> each.getExternalPath())
        .filter(path -> path.contains(":/"));
  }

  private CheckpointingStatistics.LatestCheckpoints checkpoints() throws Exception {
    JobMessageParameters parameters = new JobMessageParameters();
    parameters.jobPathParameter.resolve(id);
    return cluster
        .ask(
            client ->
                ((RestClusterClient<?>) client)
                    .sendRequest(
                        CheckpointingStatisticsHeaders.getInstance(),
                        parameters,
                        EmptyRequestBody.getInstance()),
            PATIENCE)
        .getLatestCheckpoints();
  }

  @Override
  public Optional<URI> stop() throws Exception {
    return Stopping.retrying(
        end,
        () -> {
          try {
            String savepoint =
                cluster.ask(
                    client -> client.stopWithSavepoint(id, false, null, SavepointFormatType.NATIVE),
                    SAVEPOINT);
            awaitEnd();
            return CompletableFuture.completedFuture(savepoint);
          } catch (Exception e) {
            return CompletableFuture.failedFuture(
                e instanceof TimeoutException ? new IllegalStateException(tooLong(), e) : e);
          }
        });
  }

  private String tooLong() {
    return "job %s: the savepoint took longer than %d minutes; the job goes on"
        .formatted(id, SAVEPOINT.toMinutes());
  }

  private void awaitEnd() throws Exception {
    while (!end.isDone()) {
      lookWhetherItEnded();
      if (!end.isDone()) {
        Thread.sleep(PAUSE_MILLIS / 10);
      }
    }
  }
}
