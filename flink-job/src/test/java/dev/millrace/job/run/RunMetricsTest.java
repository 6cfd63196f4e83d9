package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.loop.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMetricsTest {
  @TempDir Path root;

  private final TestingTime time = new TestingTime();
  private final Map<String, Metric> registered = new HashMap<>();

  private double value(String name) {
    return (Double) ((Gauge<?>) registered.get(name)).getValue();
  }

  private void register(Recorder recorder) {
    RunMetrics.register(
        new UnregisteredMetricGroups.UnregisteredOperatorMetricGroup() {
          @Override
          protected void addMetric(String name, Metric metric) {
            registered.put(name, metric);
          }
        },
        recorder::progress,
        time);
  }

  @Test
  void theAgeOfTheLastCheckpointIsThatOfTheTaskUntilThereIsOne() throws IOException {
    try (Recorder recorder = new Recorder(Reports.recording(root, time.millis), time, 0, null)) {
      register(recorder);
      time.millis += 3000;
      assertThat(value("checkpointAgeSeconds")).isEqualTo(3);
      recorder.checkpointed();
      time.millis += 1500;
      assertThat(value("checkpointAgeSeconds")).isEqualTo(1.5);
      assertThat(value("checkpoints")).isEqualTo(1);
    }
  }

  @Test
  void showsWhereTheRunStands() throws IOException {
    try (Recorder recorder = new Recorder(Reports.recording(root, time.millis), time, 2, null)) {
      register(recorder);
      assertThat(value("targetReached")).isZero();
      Report[] reports = {
        Reports.acting(0, 400),
        Reports.replay(0, 100, 300),
        Reports.learning(30),
        Reports.evaluation(400, 480, true, 1)
      };
      for (Report report : reports) {
        recorder.record(report);
      }
      assertThat(value("environmentSteps")).isEqualTo(400);
      assertThat(value("updates")).isEqualTo(30);
      assertThat(value("samplesPerInsert")).isEqualTo(3);
      assertThat(value("policyLag")).isEqualTo(12);
      assertThat(value("bestEvaluation")).isEqualTo(480);
      assertThat(value("restarts")).isEqualTo(2);
      assertThat(value("targetReached")).isEqualTo(1);
    }
  }
}
