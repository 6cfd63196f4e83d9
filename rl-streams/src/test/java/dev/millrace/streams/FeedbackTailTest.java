package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.loop.SampleCredit;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedbackTailTest {
  private final FeedbackEdge<SampleCredit> edge =
      FeedbackEdge.latest("credits", SampleCredit::shard);
  private OneInputStreamOperatorTestHarness<SampleCredit, Void> tail;
  private TaskAttempt task;

  @BeforeEach
  void open() throws Exception {
    FeedbackTail<SampleCredit> operator = new FeedbackTail<>(edge);
    tail = new OneInputStreamOperatorTestHarness<>(operator);
    tail.setup();
    tail.open();
    task = TaskAttempt.of(operator.getRuntimeContext());
  }

  @AfterEach
  void close() throws Exception {
    tail.close();
    assertThat(Inboxes.inUse()).isZero();
  }

  private void offer(SampleCredit credit) throws Exception {
    tail.processElement(new StreamRecord<>(credit));
  }

  @Test
  void handsTheLatestOfEachProducerToTheReceiver() throws Exception {
    try (FeedbackEdge.Receiving<SampleCredit> receiving = edge.open(task)) {
      offer(new SampleCredit(0, 1, 1, 64, 64));
      offer(new SampleCredit(1, 1, 1, 64, 64));
      offer(new SampleCredit(0, 1, 1, 128, 64));
      List<SampleCredit> received = new ArrayList<>();
      receiving.inbox().drain(received::add);
      assertThat(received)
          .containsExactlyInAnyOrder(
              new SampleCredit(0, 1, 1, 128, 64), new SampleCredit(1, 1, 1, 64, 64));
    }
  }

  @Test
  void keepsWhatComesBeforeTheReceiverOpens() throws Exception {
    offer(new SampleCredit(0, 1, 1, 64, 64));
    try (FeedbackEdge.Receiving<SampleCredit> receiving = edge.open(task)) {
      List<SampleCredit> received = new ArrayList<>();
      receiving.inbox().drain(received::add);
      assertThat(received).containsExactly(new SampleCredit(0, 1, 1, 64, 64));
    }
  }

  @Test
  void aSuccessorNeverHearsADyingAttempt() throws Exception {
    TaskAttempt successor =
        new TaskAttempt(
            task.graph(), task.attempt() + 1, task.subtask(), task.parallelism(), task.slot());
    TaskAttempt afterFailover =
        new TaskAttempt(
            "another graph", task.attempt(), task.subtask(), task.parallelism(), task.slot());
    try (FeedbackEdge.Receiving<SampleCredit> next = edge.open(successor);
        FeedbackEdge.Receiving<SampleCredit> other = edge.open(afterFailover)) {
      offer(new SampleCredit(0, 1, 1, 64, 64));
      List<SampleCredit> received = new ArrayList<>();
      next.inbox().drain(received::add);
      other.inbox().drain(received::add);
      assertThat(received).isEmpty();
    }
  }

  @Test
  void aReceiverOfAnotherParallelismFailsForGoodWhenItOpens() {
    TaskAttempt rescaled =
        new TaskAttempt(task.graph(), task.attempt(), 0, 2, task.slot(), "replay (cafe)");
    assertThatThrownBy(() -> edge.open(rescaled))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageContaining("feedback credits: the tail is " + task.vertex())
        .hasMessageContaining("; its receiver is replay (cafe), subtask 1/2, attempt 0, in slot ")
        .hasMessageContaining("both must have the same parallelism and slot")
        .hasMessageContaining("leave their co-location group alone")
        .hasMessageContaining("job.autoscaler.vertex.exclude.ids");
  }

  @Test
  void aReceiverInAnotherSlotFailsForGoodWhenItOpens() {
    TaskAttempt elsewhere = new TaskAttempt(task.graph(), task.attempt(), 0, 1, "elsewhere");
    assertThatThrownBy(() -> edge.open(elsewhere))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageContaining("in slot elsewhere: both must have the same parallelism and slot");
  }

  @Test
  void aTailThatOpensAfterItsReceiverFailsForGood() {
    TaskAttempt next = new TaskAttempt("later", 0, 0, 2, "");
    try (FeedbackEdge.Receiving<SampleCredit> ignored = edge.open(next)) {
      assertThatThrownBy(() -> edge.tail(new TaskAttempt("later", 0, 0, 3, "")))
          .isInstanceOf(SuppressRestartsException.class)
          .rootCause()
          .hasMessageContaining("the tail is a task, subtask 1/3");
    }
  }

  @Test
  void refusesToFeedNobodyForLong() throws Exception {
    tail.setProcessingTime(1_000);
    offer(new SampleCredit(0, 1, 1, 64, 64));
    tail.setProcessingTime(50_000);
    offer(new SampleCredit(0, 1, 1, 128, 64));
    tail.setProcessingTime(70_000);
    assertThatThrownBy(() -> offer(new SampleCredit(0, 1, 1, 192, 64)))
        .hasMessageContaining("no receiver has opened beside it for 60 s");
  }
}
