package dev.millrace.job.run;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationRequestHandler;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * Carries questions of clients to the recorder and its answers back: clients reach the JobManager,
 * but not the task. Keeps nothing; who asks while no recorder runs is told so. A recorder is asked
 * once it has opened: Flink restarts a job whose task does not get what is sent to it.
 */
final class RecorderCoordinator implements OperatorCoordinator, CoordinationRequestHandler {
  private final Map<Long, CompletableFuture<CoordinationResponse>> waiting =
      new ConcurrentHashMap<>();
  private final AtomicLong asked = new AtomicLong();
  private SubtaskGateway ready;
  private SubtaskGateway recorder;

  /** The recorder's word that it can be asked. */
  record Opened() implements OperatorEvent {}

  /** A question on its way to the recorder. */
  record Asked(long number, Question question) implements OperatorEvent {}

  /** An answer on its way back. */
  record Answered(long number, byte[] answer) implements OperatorEvent {}

  @Override
  public CompletableFuture<CoordinationResponse> handleCoordinationRequest(
      CoordinationRequest request) {
    if (recorder == null) {
      return CompletableFuture.completedFuture(Answer.nobody());
    }
    long number = asked.incrementAndGet();
    CompletableFuture<CoordinationResponse> response = new CompletableFuture<>();
    waiting.put(number, response);
    recorder
        .sendEvent(new Asked(number, (Question) request))
        .whenComplete(
            (sent, failure) -> {
              if (failure != null) {
                answer(number, Answer.nobody());
              }
            });
    return response;
  }

  @Override
  public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
    if (event instanceof Answered answered) {
      answer(answered.number(), Answer.inEnvelope(answered.answer()));
    } else {
      recorder = ready;
    }
  }

  private void answer(long number, CoordinationResponse response) {
    CompletableFuture<CoordinationResponse> asking = waiting.remove(number);
    if (asking != null) {
      asking.complete(response);
    }
  }

  private void nobody() {
    ready = null;
    recorder = null;
    waiting.keySet().forEach(number -> answer(number, Answer.nobody()));
  }

  @Override
  public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {
    ready = gateway;
  }

  @Override
  public void executionAttemptFailed(int subtask, int attempt, Throwable reason) {
    nobody();
  }

  @Override
  public void subtaskReset(int subtask, long checkpointId) {
    nobody();
  }

  @Override
  public void start() {}

  @Override
  public void close() {
    nobody();
  }

  @Override
  public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> result) {
    result.complete(new byte[0]);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {}

  @Override
  public void resetToCheckpoint(long checkpointId, byte[] checkpointData) {}

  /** Makes the coordinator on the JobManager. */
  record Maker(OperatorID operator) implements Provider {
    @Override
    public OperatorID getOperatorId() {
      return operator;
    }

    @Override
    public OperatorCoordinator create(Context context) {
      return new RecorderCoordinator();
    }
  }
}
