package dev.millrace.streams;

import java.time.Duration;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The end of a feedback edge: puts each value into the co-located receiver's inbox and never
 * blocks. It refuses to run when it does not share the receiver's slot and parallelism.
 */
final class FeedbackTail<T> extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<T, Void> {
  private static final long serialVersionUID = 1L;
  private static final long PATIENCE_MILLIS = Duration.ofMinutes(1).toMillis();

  private final FeedbackEdge<T> edge;
  private transient TaskAttempt task;
  private transient Inboxes.Place<T> place;
  private transient boolean checked;
  private transient long firstUnheardMillis;

  FeedbackTail(FeedbackEdge<T> edge) {
    this.edge = edge;
    this.chainingStrategy = ChainingStrategy.NEVER;
  }

  @Override
  public void open() throws Exception {
    super.open();
    task = TaskAttempt.of(getRuntimeContext());
    place = edge.tail(task);
    getMetricGroup().gauge("dropped", () -> place.inbox().dropped());
  }

  @Override
  public void processElement(StreamRecord<T> record) {
    if (!checked) {
      check();
    }
    place.inbox().offer(record.getValue());
  }

  private void check() {
    TaskAttempt receiver = place.receiver();
    if (receiver == null) {
      waitForReceiver();
      return;
    }
    boolean sameSlot =
        receiver.slot().isEmpty() || task.slot().isEmpty() || receiver.slot().equals(task.slot());
    if (receiver.parallelism() != task.parallelism() || !sameSlot) {
      throw new IllegalStateException(
          "feedback %s: the tail is %s in slot %s, its receiver %s in slot %s: both must have the same parallelism and slot, or values would be lost; rescale them together and leave their co-location group alone"
              .formatted(edge.name(), task, task.slot(), receiver, receiver.slot()));
    }
    checked = true;
  }

  private void waitForReceiver() {
    long now = getProcessingTimeService().getCurrentProcessingTime();
    if (firstUnheardMillis == 0) {
      firstUnheardMillis = now;
    } else if (now - firstUnheardMillis > PATIENCE_MILLIS) {
      throw new IllegalStateException(
          "feedback %s: the tail is %s in slot %s, and no receiver has opened beside it for %d s: both must run in the same TaskManager; leave their co-location group alone"
              .formatted(edge.name(), task, task.slot(), PATIENCE_MILLIS / 1000));
    }
  }

  @Override
  public void close() throws Exception {
    if (place != null) {
      place.close();
    }
    super.close();
  }
}
