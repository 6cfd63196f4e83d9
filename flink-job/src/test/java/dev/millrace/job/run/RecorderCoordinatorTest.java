package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.junit.jupiter.api.Test;

class RecorderCoordinatorTest {
  private final RecorderCoordinator coordinator = new RecorderCoordinator();
  private final TestingTask task = new TestingTask();

  /** Takes events, and acknowledges each when told to. */
  private static final class TestingTask implements OperatorCoordinator.SubtaskGateway {
    final List<RecorderCoordinator.Asked> asked = new ArrayList<>();
    final List<CompletableFuture<Acknowledge>> sent = new ArrayList<>();

    @Override
    public CompletableFuture<Acknowledge> sendEvent(OperatorEvent event) {
      asked.add((RecorderCoordinator.Asked) event);
      sent.add(new CompletableFuture<>());
      return sent.get(sent.size() - 1);
    }

    @Override
    public ExecutionAttemptID getExecution() {
      throw new AssertionError("not asked for");
    }

    @Override
    public int getSubtask() {
      return 0;
    }
  }

  private static Optional<Answer> answer(CompletableFuture<CoordinationResponse> response)
      throws Exception {
    return Answer.from(response.getNow(null));
  }

  private void answered(int index, String content) throws Exception {
    byte[] text = content.getBytes(StandardCharsets.UTF_8);
    coordinator.handleEventFromOperator(
        0,
        0,
        new RecorderCoordinator.Answered(
            task.asked.get(index).number(),
            new Answer(new byte[0], 1, "/folder", List.of(), text).bytes()));
  }

  private void open() {
    coordinator.executionAttemptReady(0, 0, task);
    coordinator.handleEventFromOperator(0, 0, new RecorderCoordinator.Opened());
  }

  @Test
  void aTaskThatMayFailToOpenIsNotAsked() throws Exception {
    coordinator.executionAttemptReady(0, 0, task);
    assertThat(answer(coordinator.handleCoordinationRequest(Question.STANDING))).isEmpty();
    assertThat(task.asked).isEmpty();
  }

  @Test
  void eachGetsTheAnswerToItsOwnQuestion() throws Exception {
    open();
    var first = coordinator.handleCoordinationRequest(new Question(false, "a", 1));
    var second = coordinator.handleCoordinationRequest(new Question(true, "b", 2));
    answered(1, "second");
    assertThat(first).isNotDone();
    answered(0, "first");

    assertThat(task.asked)
        .extracting(RecorderCoordinator.Asked::question)
        .containsExactly(new Question(false, "a", 1), new Question(true, "b", 2));
    assertThat(answer(first).orElseThrow().content()).asString().isEqualTo("first");
    assertThat(answer(second).orElseThrow().content()).asString().isEqualTo("second");
  }

  @Test
  void whoAsksWhileNoRecorderRunsIsToldSo() throws Exception {
    assertThat(answer(coordinator.handleCoordinationRequest(Question.STANDING))).isEmpty();
  }

  @Test
  void whoWaitsWhenTheRecorderFailsIsToldSo() throws Exception {
    open();
    var waiting = coordinator.handleCoordinationRequest(Question.STANDING);
    coordinator.executionAttemptFailed(0, 0, new IllegalStateException("killed"));
    assertThat(answer(waiting)).isEmpty();
    answered(0, "too late");
    assertThat(answer(coordinator.handleCoordinationRequest(Question.STANDING))).isEmpty();
  }

  @Test
  void aQuestionThatIsLostOnTheWayIsAnsweredWithNobody() throws Exception {
    open();
    var waiting = coordinator.handleCoordinationRequest(Question.STANDING);
    task.sent.get(0).completeExceptionally(new IllegalStateException("lost"));
    assertThat(answer(waiting)).isEmpty();
  }
}
