package dev.millrace.streams;

import org.apache.flink.runtime.io.network.api.writer.ResultPartitionWriter;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

/**
 * Sends what a task has emitted when something whole is said. Without a buffer timeout each record
 * alone would wake whom it is for, and with one of a millisecond every edge out of a task has a
 * thread that wakes a thousand times a second; both take processors from who works.
 */
public final class Outgoing {
  /** The buffer timeout beside {@link #send}, for what can wait. */
  public static final long TIMEOUT_MILLIS = 50;

  private Outgoing() {}

  /** Sends everything that {@code task} has emitted; what is sent already costs nothing. */
  public static void send(StreamTask<?, ?> task) {
    for (ResultPartitionWriter edge : task.getEnvironment().getAllWriters()) {
      edge.flushAll();
    }
  }
}
