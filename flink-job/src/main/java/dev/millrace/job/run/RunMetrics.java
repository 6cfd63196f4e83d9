package dev.millrace.job.run;

import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Where a run stands, over all its tasks, as metrics: what the live line shows. */
final class RunMetrics {
  private final MetricGroup metrics;
  private final Supplier<RunProgress> latest;
  private final InstantSource time;
  private final long begunAtMillis;

  private RunMetrics(MetricGroup metrics, Supplier<RunProgress> latest, InstantSource time) {
    this.metrics = metrics;
    this.latest = latest;
    this.time = time;
    begunAtMillis = time.millis();
  }

  /**
   * Registers them.
   *
   * @param latest may be asked by any thread
   */
  static void register(MetricGroup metrics, Supplier<RunProgress> latest, InstantSource time) {
    new RunMetrics(metrics, latest, time).register();
  }

  private void register() {
    gauge("environmentSteps", RunProgress::environmentSteps);
    gauge("updates", RunProgress::updates);
    gauge("meanReturn", RunProgress::meanReturn);
    gauge("bestEvaluation", RunProgress::bestEvaluation);
    gauge("replaySize", RunProgress::replaySize);
    gauge("samplesPerInsert", RunProgress::samplesPerInsert);
    gauge("policyLag", RunProgress::policyLag);
    gauge("checkpoints", RunProgress::checkpoints);
    gauge("checkpointAgeSeconds", this::checkpointAgeSeconds);
    gauge("restarts", RunProgress::restarts);
    gauge("targetReached", progress -> progress.targetReached() ? 1 : 0);
  }

  private void gauge(String name, ToDoubleFunction<RunProgress> figure) {
    metrics.gauge(name, (Gauge<Double>) () -> figure.applyAsDouble(latest.get()));
  }

  /** Until this task has seen a checkpoint completed, the age of the task. */
  private double checkpointAgeSeconds(RunProgress progress) {
    long since = Math.max(begunAtMillis, progress.checkpointAtMillis());
    return (time.millis() - since) / 1e3;
  }
}
