package dev.millrace.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.loop.Ticket;
import dev.millrace.core.policy.ParameterVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.junit.jupiter.api.Test;

class ActorMetricsTest {
  private final Map<String, Metric> registered = new HashMap<>();
  private final MetricGroup operator =
      new UnregisteredMetricGroups.UnregisteredOperatorMetricGroup() {
        @Override
        protected void addMetric(String name, Metric metric) {
          registered.put(name, metric);
        }

        @Override
        public MetricGroup addGroup(String name) {
          return this;
        }
      };
  private final EnvironmentGroup<?> group =
      EnvironmentGroup.of(
          new ActorSpec(TestingEnvironment.SPEC, 2, 2, 42, 3),
          0,
          new TestingEnvironment.Provider(),
          new TestingAgent());

  private void advance(long number, int steps) {
    group.advance(
        new Ticket(0, number, steps, 0, 0),
        new ParameterVersion(7, 3),
        new TestingAgent().policy(),
        transition -> {},
        episode -> {});
  }

  @Test
  void stepsBeforeTheTaskStartedAreCountedButAreNoSpeed() {
    advance(1, 600);
    new ActorMetrics(operator, List.of(group));
    MeterView speed = (MeterView) registered.get("environmentStepsPerSecond");
    speed.update();
    assertThat(speed.getRate()).isZero();
    advance(2, 60);
    speed.update();
    assertThat(speed.getRate()).as("2 x 60 steps in a minute").isEqualTo(2);
    assertThat(((Gauge<?>) registered.get("environmentSteps")).getValue()).isEqualTo(1320L);
  }

  @Test
  void latenciesOfParametersAreKept() {
    ActorMetrics metrics = new ActorMetrics(operator, List.of(group));
    metrics.applied(7);
    metrics.applied(9);
    Histogram latency = (Histogram) registered.get("feedbackLatencyMillis");
    assertThat(latency.getStatistics().getMax()).isEqualTo(9);
    assertThat(latency.getCount()).isEqualTo(2);
  }
}
