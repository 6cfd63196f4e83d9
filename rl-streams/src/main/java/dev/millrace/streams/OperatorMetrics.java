package dev.millrace.streams;

import org.apache.flink.metrics.MetricGroup;

/** Where Millrace's own metrics stand among those that Flink has for every operator. */
public final class OperatorMetrics {
  private OperatorMetrics() {}

  /**
   * The group for one part of the loop. Its metrics read {@code millrace.<part>.<name>}, so that
   * one search finds all that are Millrace's, and a name means one thing whichever task has it.
   *
   * @param operator the operator's, as Flink gives it
   */
  public static MetricGroup of(MetricGroup operator, String part) {
    return operator.addGroup("millrace").addGroup(part);
  }
}
