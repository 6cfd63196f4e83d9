package dev.millrace.env;

import dev.millrace.streams.OperatorMetrics;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What an actor's task shows of itself; sums over groups are made when somebody looks. */
final class ActorMetrics {
  private static final int LATENCIES_KEPT = 1000;

  private final List<EnvironmentGroup<?>> groups;
  private final Counter parametersApplied;
  private final Histogram feedbackLatency;

  /**
   * @param operator registered with
   * @param groups of this task, as far as they were restored
   */
  ActorMetrics(MetricGroup operator, List<EnvironmentGroup<?>> groups) {
    this.groups = groups;
    MetricGroup metrics = OperatorMetrics.of(operator, "actors");
    long before = sum(EnvironmentGroup::steps);
    Gauge<Long> taken = () -> sum(EnvironmentGroup::steps) - before;
    metrics.gauge("environmentSteps", (Gauge<Long>) () -> sum(EnvironmentGroup::steps));
    metrics.meter("environmentStepsPerSecond", new MeterView(taken));
    metrics.gauge("episodes", (Gauge<Long>) () -> sum(EnvironmentGroup::episodes));
    metrics.gauge("faults", (Gauge<Long>) () -> sum(EnvironmentGroup::faults));
    parametersApplied = metrics.counter("parametersApplied");
    feedbackLatency =
        metrics.histogram(
            "feedbackLatencyMillis", new DescriptiveStatisticsHistogram(LATENCIES_KEPT));
  }

  private long sum(ToLongFunction<EnvironmentGroup<?>> value) {
    return groups.stream().mapToLong(value).sum();
  }

  /** Parameters were taken up, so long after they were published. */
  void applied(long latencyMillis) {
    parametersApplied.inc();
    feedbackLatency.update(latencyMillis);
  }
}
