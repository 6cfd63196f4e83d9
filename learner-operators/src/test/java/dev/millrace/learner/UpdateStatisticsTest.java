package dev.millrace.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.agent.Update;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.junit.jupiter.api.Test;

class UpdateStatisticsTest {
  private static final ParameterVersion VERSION = new ParameterVersion(2, 9);
  private final UpdateStatistics statistics = new UpdateStatistics();

  private Report.Learning report() {
    return statistics.report(VERSION, 1.5, 3, 40);
  }

  @Test
  void reportsMeansSinceTheReportBefore() {
    statistics.note(Update.of(1, 10, 100, List.of(0.5, 7.0)));
    statistics.note(Update.of(3, 30, 300, List.of(1.5, 9.0)));
    assertThat(report())
        .isEqualTo(new Report.Learning(VERSION, 3, 2, 20, 200, 1.5, 40, List.of(1.0, 8.0)));
    assertThat(report()).as("nothing new").isNull();
    statistics.note(Update.of(5, 50, 500, List.of(2.0, 4.0)));
    assertThat(report().measures()).containsExactly(2.0, 4.0);
  }

  @Test
  void droppedUpdatesCountInNoMean() {
    statistics.note(Update.of(1, 10, 100, List.of(0.5)));
    statistics.note(Update.dropped(Double.NaN, 1));
    Report.Learning report = report();
    assertThat(report.loss()).isEqualTo(1);
    assertThat(report.measures()).containsExactly(0.5);
    statistics.note(Update.dropped(Double.NaN, 1));
    Report.Learning none = report();
    assertThat(none.loss()).isNaN();
    assertThat(none.measures()).containsExactly(Double.NaN);
  }

  @Test
  void withoutMeasuresThereAreNone() {
    statistics.note(Update.dropped(Double.NaN, 1));
    assertThat(report().measures()).as("before the first update").isEmpty();
    statistics.note(Update.of(1, 1, 1, new float[2]));
    assertThat(report().measures()).isEmpty();
  }

  @Test
  void showsTheLatestReportAsMetrics() {
    Map<String, Metric> metrics = new HashMap<>();
    statistics.register(
        new UnregisteredMetricGroups.UnregisteredOperatorMetricGroup() {
          @Override
          protected void addMetric(String name, Metric metric) {
            metrics.put(name, metric);
          }

          @Override
          public MetricGroup addGroup(String name) {
            return this;
          }
        },
        List.of("entropy", "clip_fraction"));
    assertThat(value(metrics, "entropy")).isEqualTo(Double.NaN);
    statistics.note(Update.of(1, 10, 100, List.of(0.5, 7.0)));
    assertThat(value(metrics, "clip_fraction")).as("not reported yet").isEqualTo(Double.NaN);
    report();
    assertThat(value(metrics, "entropy")).isEqualTo(0.5);
    assertThat(value(metrics, "clip_fraction")).isEqualTo(7.0);
    assertThat(value(metrics, "transitionsRefused")).isEqualTo(40L);
    assertThat(value(metrics, "updatesDropped")).isEqualTo(3L);
    assertThat(value(metrics, "meanValue")).isEqualTo(100.0);
    assertThat(value(metrics, "policyLag")).isEqualTo(1.5);
  }

  private static Object value(Map<String, Metric> metrics, String name) {
    return ((Gauge<?>) metrics.get(name)).getValue();
  }
}
