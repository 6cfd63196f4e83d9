package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.loop.Report;
import dev.millrace.streams.MessageTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderOperatorTest {
  @TempDir Path root;

  private OneInputStreamOperatorTestHarness<Report, Void> harness() throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new RecorderOperator(Reports.recording(root, 0)), MessageTypes.REPORT.serializer());
  }

  private static void report(OneInputStreamOperatorTestHarness<Report, Void> harness, Report report)
      throws Exception {
    harness.processElement(new StreamRecord<>(report));
  }

  @Test
  void aRestoredOperatorCutsTheCurvesBackAndCountsOn() throws Exception {
    OperatorSubtaskState checkpoint;
    try (OneInputStreamOperatorTestHarness<Report, Void> harness = harness()) {
      harness.open();
      report(harness, Reports.acting(0, 400));
      report(harness, Reports.episode(400, 20));
      checkpoint = harness.snapshot(1, 1);
      harness.notifyOfCompletedCheckpoint(1);
      report(harness, Reports.acting(0, 800));
      report(harness, Reports.episode(800, 40));
    }
    RunFolder folder = RunFolder.at(root);
    assertThat(Files.readAllLines(folder.episodes())).hasSize(3);
    assertThat(RunProgress.read(folder).orElseThrow().checkpoints()).isEqualTo(1);

    try (OneInputStreamOperatorTestHarness<Report, Void> harness = harness()) {
      harness.initializeState(checkpoint);
      harness.open();
      assertThat(RunProgress.read(folder).orElseThrow().environmentSteps()).isEqualTo(400);
      report(harness, Reports.episode(600, 30));
    }

    assertThat(Files.readAllLines(folder.episodes()))
        .containsExactly(
            "environment_steps,environment,episode_return,length,truncated",
            "400,0,20,20,false",
            "600,0,30,30,false");
    assertThat(RunProgress.read(folder).orElseThrow().checkpoints()).isEqualTo(1);
    assertThat(RunProgress.read(folder).orElseThrow().meanReturn()).isEqualTo(25);
  }

  @Test
  void timersKeepTheProgressFresh() throws Exception {
    try (OneInputStreamOperatorTestHarness<Report, Void> harness = harness()) {
      harness.open();
      report(harness, Reports.acting(0, 400));
      harness.setProcessingTime(201);

      assertThat(RunProgress.read(RunFolder.at(root)).orElseThrow().environmentSteps())
          .isEqualTo(400);
    }
  }
}
