package dev.millrace.job.client;

import dev.millrace.job.run.Answer;
import dev.millrace.job.run.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestGateway;

/** A job on a mini cluster in this process. */
public final class EmbeddedJob implements RunningJob {
  private static final long PATIENCE_SECONDS = 10;

  private final JobClient job;
  private final OperatorID recorder;
  private final String savepoints;
  private final CompletableFuture<?> end;

  /**
   * @param savepoints the address of the folder where they go
   */
  public EmbeddedJob(JobClient job, OperatorID recorder, String savepoints) {
    this.job = job;
    this.recorder = recorder;
    this.savepoints = savepoints;
    end = job.getJobExecutionResult();
  }

  @Override
  public CompletableFuture<?> end() {
    return end;
  }

  @Override
  public Optional<Answer> ask(Question question) throws InterruptedException {
    try {
      return Answer.from(
          ((CoordinationRequestGateway) job)
              .sendCoordinationRequest(recorder, question)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException | IllegalStateException nobody) {
      return Optional.empty(); // not begun yet, restarting, or the cluster has ended with the job
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<URI> stop() throws Exception {
    return Stopping.retrying(
        end, () -> job.stopWithSavepoint(false, savepoints, SavepointFormatType.NATIVE));
  }
}
