package dev.millrace.learner;

import dev.millrace.core.agent.Update;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import java.util.ArrayList;
import java.util.List;
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
  private double[] measures = {};
  private Report.Learning latest;
  private boolean changed;
  private final Counter applied = new SimpleCounter();

  /**
   * Registers what {@code metrics} show.
   *
   * @param measures names of what updates measure besides
   */
  void register(MetricGroup metrics, List<String> measures) {
    metrics.counter("updates", applied);
    metrics.meter("updatesPerSecond", new MeterView(applied));
    metrics.gauge("updatesDropped", () -> latest == null ? 0 : latest.dropped());
    metrics.gauge("transitionsRefused", () -> latest == null ? 0 : latest.refused());
    metrics.gauge("loss", () -> latest == null ? Double.NaN : latest.loss());
    metrics.gauge("gradientNorm", () -> latest == null ? Double.NaN : latest.gradientNorm());
    metrics.gauge("meanValue", () -> latest == null ? Double.NaN : latest.meanValue());
    metrics.gauge("policyLag", () -> latest == null ? Double.NaN : latest.policyLag());
    MetricGroup measured = metrics.addGroup("measures");
    for (int i = 0; i < measures.size(); i++) {
      int at = i;
      measured.gauge(measures.get(i), () -> latest == null ? Double.NaN : latestMeasure(at));
    }
  }

  private double latestMeasure(int at) {
    return at < latest.measures().size() ? latest.measures().get(at) : Double.NaN;
  }

  /**
   * The learner continues what another saved, who may not have reported its last updates yet: the
   * next report comes whether or not anything happens.
   */
  void continued() {
    changed = true;
  }

  void note(Update update) {
    changed = true;
    if (!update.applied()) {
      return;
    }
    applied.inc();
    updates++;
    loss += update.loss();
    gradientNorm += update.gradientNorm();
    meanValue += update.meanValue();
    if (measures.length != update.measures().size()) {
      measures = new double[update.measures().size()];
    }
    for (int i = 0; i < measures.length; i++) {
      measures[i] += update.measures().get(i);
    }
  }

  /**
   * What there is to tell since the last time, or null if nothing happened. Means are NaN where no
   * update was applied.
   *
   * @param lag updates that the parameters behind the experience were old
   */
  Report.Learning report(ParameterVersion version, double lag, long dropped, long refused) {
    if (!changed) {
      return null;
    }
    List<Double> means = new ArrayList<>(measures.length);
    for (int i = 0; i < measures.length; i++) {
      means.add(measures[i] / updates);
      measures[i] = 0;
    }
    latest =
        new Report.Learning(
            version,
            dropped,
            loss / updates,
            gradientNorm / updates,
            meanValue / updates,
            lag,
            refused,
            means);
    changed = false;
    updates = 0;
    loss = 0;
    gradientNorm = 0;
    meanValue = 0;
    return latest;
  }
}
