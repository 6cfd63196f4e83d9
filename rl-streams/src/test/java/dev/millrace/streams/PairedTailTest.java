package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PairedTailTest {
  private final FeedbackEdge<String> words = FeedbackEdge.bounded("words", 2);
  private final FeedbackEdge<Integer> numbers = FeedbackEdge.latest("numbers", ignored -> 0);
  private TwoInputStreamOperatorTestHarness<String, Integer, Void> tail;
  private TaskAttempt task;

  @BeforeEach
  void open() throws Exception {
    PairedTail<String, Integer> operator = new PairedTail<>(words, numbers);
    tail = new TwoInputStreamOperatorTestHarness<>(operator);
    tail.setup();
    tail.open();
    task = TaskAttempt.of(operator.getRuntimeContext());
  }

  @AfterEach
  void close() throws Exception {
    tail.close();
    assertThat(Inboxes.inUse()).isZero();
  }

  @Test
  void handsEachToItsOwnInbox() throws Exception {
    try (FeedbackEdge.Receiving<String> first = words.open(task);
        FeedbackEdge.Receiving<Integer> second = numbers.open(task)) {
      for (String word : List.of("a", "b", "c")) {
        tail.processElement1(new StreamRecord<>(word));
        tail.processElement2(new StreamRecord<>(word.length()));
      }
      List<Object> received = new ArrayList<>();
      first.inbox().drain(received::add);
      assertThat(received).containsExactly("b", "c");
      received.clear();
      second.inbox().drain(received::add);
      assertThat(received).containsExactly(1);
    }
  }

  @Test
  void refusesEitherReceiverElsewhere() {
    TaskAttempt elsewhere = new TaskAttempt(task.graph(), task.attempt(), 0, 1, "elsewhere");
    assertThatThrownBy(() -> words.open(elsewhere))
        .rootCause()
        .hasMessageContaining("feedback words: the tail is")
        .hasMessageContaining("in slot elsewhere");
    assertThatThrownBy(() -> numbers.open(elsewhere))
        .rootCause()
        .hasMessageContaining("feedback numbers: the tail is");
  }
}
