package dev.millrace.streams;

import java.time.Duration;
import org.apache.flink.api.common.operators.ProcessingTimeService;

/**
 * Calls something at a fixed interval on the operator's own thread, for as long as the task's
 * processing-time service runs: what keeps a lost feedback value from being more than a delay.
 */
public final class Repeating {
  /** Something to do again and again. */
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  private Repeating() {}

  /** Starts calling {@code action} every {@code interval}, first after one interval. */
  public static void every(Duration interval, ProcessingTimeService time, Action action) {
    long millis = interval.toMillis();
    time.registerTimer(
        time.getCurrentProcessingTime() + millis,
        timestamp -> {
          action.run();
          every(interval, time, action);
        });
  }
}
