package dev.millrace.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.traces.Span;
import org.apache.flink.traces.reporter.TraceReporter;
import org.apache.flink.traces.reporter.TraceReporterFactory;

/** What Flink's metrics and traces say of the one job that runs in this JVM. */
final class FlinkProbe implements MetricReporter, TraceReporter {
  /** Overrides that let Flink make a probe. */
  static final List<String> OPTIONS =
      List.of(
          "flink.metrics.reporter.probe.factory.class=" + Factory.class.getName(),
          "flink.traces.reporter.probe.factory.class=" + Factory.class.getName());

  private static final Collection<Gauge<?>> INSERTED = new ConcurrentLinkedQueue<>();
  private static final Collection<Long> LATENCIES = new ConcurrentLinkedQueue<>();
  private static final Collection<Span> SPANS = new ConcurrentLinkedQueue<>();

  /** Forgets the jobs before. */
  static void reset() {
    LATENCIES.clear();
    SPANS.clear();
  }

  /** Transitions ever inserted, over all replay tasks that run now. */
  static long inserted() {
    return INSERTED.stream().mapToLong(gauge -> (Long) gauge.getValue()).sum();
  }

  /** Milliseconds from publication to application of each actor task's last 1000, sorted. */
  static long[] latencies() {
    return LATENCIES.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /** Completed spans of this name, {@code Checkpoint} or {@code JobInitialization}. */
  static List<Span> spans(String name) {
    return SPANS.stream().filter(span -> span.getName().equals(name)).toList();
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedSpan(Span span) {
    SPANS.add(span);
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (name.equals("inserted") && metric instanceof Gauge<?> gauge) {
      INSERTED.add(gauge);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    if (metric instanceof Gauge<?> gauge) {
      INSERTED.remove(gauge);
    }
    if (name.equals("feedbackLatencyMillis") && metric instanceof Histogram histogram) {
      LongStream.of(histogram.getStatistics().getValues()).forEach(LATENCIES::add);
    }
  }

  /** Found by Flink through {@code ServiceLoader}. */
  public static final class Factory implements MetricReporterFactory, TraceReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new FlinkProbe();
    }

    @Override
    public TraceReporter createTraceReporter(Properties properties) {
      return new FlinkProbe();
    }
  }
}
