package dev.millrace.learner;

import dev.millrace.core.agent.Update;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;

/** Means over the updates since the last report, and the same as metrics. */
final class UpdateStatistics {
  private long updates;
  private double loss;
  private double gradientNorm;
  private double meanValue;
  private Report.Learning latest;
  private boolean changed;
  private final Counter applied = new SimpleCounter();

  /** Registers what {@code metrics} show. */
  void register(MetricGroup metrics) {
    metrics.counter("updates", applied);
    metrics.meter("updatesPerSecond", new MeterView(applied));
    metrics.gauge("dropped", () -> latest == null ? 0 : latest.dropped());
    metrics.gauge("loss", () -> latest == null ? Double.NaN : latest.loss());
    metrics.gauge("gradientNorm", () -> latest == null ? Double.NaN : latest.gradientNorm());
    metrics.gauge("policyLag", () -> latest == null ? Double.NaN : latest.policyLag());
  }

  void note(Update update) {
    changed = true;
    if (update.applied()) {
      applied.inc();
      updates++;
      loss += update.loss();
      gradientNorm += update.gradientNorm();
      meanValue += update.meanValue();
    }
  }

  /**
   * What there is to tell since the last time, or null if nothing happened.
   *
   * @param newest version that chose the newest transition known of
   */
  Report.Learning report(ParameterVersion version, ParameterVersion newest, long dropped) {
    if (!changed) {
      return null;
    }
    double lag =
        newest.equals(ParameterVersion.NONE)
            ? Double.NaN
            : Math.max(0, version.step() - newest.step());
    latest =
        new Report.Learning(
            version, dropped, loss / updates, gradientNorm / updates, meanValue / updates, lag);
    changed = false;
    updates = 0;
    loss = 0;
    gradientNorm = 0;
    meanValue = 0;
    return latest;
  }
}
