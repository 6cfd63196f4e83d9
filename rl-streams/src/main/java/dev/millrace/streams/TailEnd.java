package dev.millrace.streams;

import java.time.Duration;
import org.apache.flink.api.common.operators.ProcessingTimeService;

/** A tail's grip on the inbox of the co-located receiver; refuses to fill one that is not. */
final class TailEnd<T> implements AutoCloseable {
  private static final long PATIENCE_MILLIS = Duration.ofMinutes(1).toMillis();

  private final String edge;
  private final TaskAttempt task;
  private final Inboxes.Place<T> place;
  private final ProcessingTimeService time;
  private boolean heard;
  private long firstUnheardMillis;

  TailEnd(FeedbackEdge<T> edge, TaskAttempt task, ProcessingTimeService time) {
    this.edge = edge.name();
    this.task = task;
    this.time = time;
    place = edge.tail(task);
  }

  long dropped() {
    return place.inbox().dropped();
  }

  void offer(T value) {
    if (!heard) {
      listen();
    }
    place.inbox().offer(value);
  }

  private void listen() {
    if (place.receiver() == null) {
      waitForReceiver();
    } else {
      heard = true;
    }
  }

  private void waitForReceiver() {
    long now = time.getCurrentProcessingTime();
    if (firstUnheardMillis == 0) {
      firstUnheardMillis = now;
    } else if (now - firstUnheardMillis > PATIENCE_MILLIS) {
      throw new IllegalStateException(
          "feedback %s: the tail is %s, and no receiver has opened beside it for %d s: both must run in the same TaskManager; leave their co-location group alone"
              .formatted(edge, task, PATIENCE_MILLIS / 1000));
    }
  }

  @Override
  public void close() {
    place.close();
  }
}
