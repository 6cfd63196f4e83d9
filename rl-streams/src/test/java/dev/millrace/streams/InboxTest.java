package dev.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class InboxTest {

  private static <T> List<T> drained(Inbox<T> inbox) {
    List<T> values = new ArrayList<>();
    inbox.drain(values::add);
    return values;
  }

  @Test
  void latestKeepsTheNewestOfEachProducer() {
    Inbox<String> inbox = Inbox.latest(value -> value.charAt(0));
    inbox.offer("a1");
    inbox.offer("b1");
    inbox.offer("a2");
    assertThat(drained(inbox)).containsExactlyInAnyOrder("a2", "b1");
    assertThat(drained(inbox)).isEmpty();
    assertThat(inbox.dropped()).isZero();
  }

  @Test
  void boundedDropsTheOldestAndCounts() {
    Inbox<Integer> inbox = Inbox.bounded(2);
    inbox.offer(1);
    inbox.offer(2);
    inbox.offer(3);
    assertThat(drained(inbox)).containsExactly(2, 3);
    assertThat(inbox.dropped()).isEqualTo(1);
  }

  @Test
  void wakesOnceUntilDrained() {
    Inbox<Integer> inbox = Inbox.bounded(10);
    List<String> calls = new ArrayList<>();
    inbox.onArrival(() -> calls.add("woken"));
    inbox.offer(1);
    inbox.offer(2);
    assertThat(calls).hasSize(1);
    drained(inbox);
    inbox.offer(3);
    assertThat(calls).hasSize(2);
  }

  @Test
  void whatCameBeforeTheReceiverWakesIt() {
    Inbox<Integer> inbox = Inbox.bounded(10);
    inbox.offer(1);
    List<String> calls = new ArrayList<>();
    inbox.onArrival(() -> calls.add("woken"));
    assertThat(calls).hasSize(1);
    assertThat(drained(inbox)).containsExactly(1);
  }

  @Test
  void aClosingReceiverDoesNotFailTheTail() {
    Inbox<Integer> inbox = Inbox.bounded(10);
    inbox.onArrival(
        () -> {
          throw new RejectedExecutionException("mailbox is closed");
        });
    assertThatCode(() -> inbox.offer(1)).doesNotThrowAnyException();
  }

  @Test
  void refusesNoCapacity() {
    assertThatThrownBy(() -> Inbox.bounded(0)).hasMessage("inbox capacity=0: must be at least 1");
  }
}
