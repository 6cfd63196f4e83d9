package dev.millrace.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.RunOver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderOperatorTest {
  @TempDir Path root;
  private final List<OperatorEvent> answers = new ArrayList<>();

  private OneInputStreamOperatorTestHarness<Report, Progress> harness() throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new RecorderOperator(Reports.recording(root, 0), answers::add),
        MessageTypes.REPORT.serializer());
  }

  private static void report(
      OneInputStreamOperatorTestHarness<Report, Progress> harness, Report report) throws Exception {
    harness.processElement(new StreamRecord<>(report));
  }

  @Test
  void aRestoredOperatorCutsTheCurvesBackAndCountsOn() throws Exception {
    OperatorSubtaskState checkpoint;
    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
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

    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
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
    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
      harness.open();
      report(harness, Reports.acting(0, 400));
      harness.setProcessingTime(201);

      assertThat(RunProgress.read(RunFolder.at(root)).orElseThrow().environmentSteps())
          .isEqualTo(400);
    }
  }

  private static List<Progress> told(OneInputStreamOperatorTestHarness<Report, Progress> harness) {
    return harness.extractOutputValues();
  }

  private static void ask(
      OneInputStreamOperatorTestHarness<Report, Progress> harness, long number, Question question) {
    RecorderOperator operator = (RecorderOperator) harness.getOneInputOperator();
    operator.handleOperatorEvent(new RecorderCoordinator.Asked(number, question));
  }

  private RecorderCoordinator.Answered answered(int index) {
    assertThat(answers.get(0)).isEqualTo(new RecorderCoordinator.Opened());
    return (RecorderCoordinator.Answered) answers.get(1 + index);
  }

  private Answer answer(int index) throws Exception {
    RecorderCoordinator.Answered answered = answered(index);
    return Answer.from(Answer.inEnvelope(answered.answer())).orElseThrow();
  }

  @Test
  void whoAsksAttendsForAMinute() throws Exception {
    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
      harness.open();
      harness.setProcessingTime(200);
      assertThat(told(harness)).last().isEqualTo(new Progress.Attendance(false, false));

      ask(harness, 7, Question.STANDING);
      harness.setProcessingTime(400);
      assertThat(told(harness)).last().isEqualTo(new Progress.Attendance(true, false));
      harness.setProcessingTime(200 + 60_000 - 200);
      assertThat(told(harness)).last().isEqualTo(new Progress.Attendance(true, false));
      harness.setProcessingTime(200 + 60_000 + 200);
      assertThat(told(harness)).last().isEqualTo(new Progress.Attendance(false, false));
    }
  }

  @Test
  void whoHaltsTicketsIsWaitedForWhileItTakesItsSavepoint() throws Exception {
    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
      harness.open();
      ask(harness, 8, Question.HALT);
      assertThat(told(harness)).last().as("at once").isEqualTo(new Progress.Attendance(true, true));
      long savepoint = RecorderOperator.SAVEPOINT.toMillis();
      harness.setProcessingTime(savepoint - 200);
      assertThat(told(harness)).last().isEqualTo(new Progress.Attendance(true, true));
      harness.setProcessingTime(savepoint + 200);
      assertThat(told(harness)).last().isEqualTo(new Progress.Attendance(false, false));
    }
  }

  @Test
  void answersHowTheRunStandsAndWhatItsFilesHold() throws Exception {
    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
      harness.open();
      report(harness, Reports.acting(0, 400));
      report(harness, Reports.episode(400, 20));
      ask(harness, 1, new Question(false, "episodes.csv", 0));
      ask(harness, 2, new Question(false, "../secret", 0));

      Answer answer = answer(0);
      assertThat(answered(0).number()).isEqualTo(1);
      assertThat(RunProgress.of(answer.progress()).environmentSteps()).isEqualTo(400);
      assertThat(answer.folder()).isEqualTo(root.toString());
      assertThat(new String(answer.content(), StandardCharsets.UTF_8))
          .isEqualTo(
              "environment_steps,environment,episode_return,length,truncated\n400,0,20,20,false\n");
      assertThat(answer.files()).extracting(Answer.Content::name).contains("episodes.csv");
      assertThat(answer(1).content()).as("what is not listed is not sent").isEmpty();
    }
  }

  @Test
  void theEndOfTheRunIsWrittenDownWhileTheJobIsUp() throws Exception {
    try (OneInputStreamOperatorTestHarness<Report, Progress> harness = harness()) {
      harness.open();
      report(harness, Reports.acting(0, 400));
      harness.processWatermark(RunOver.TIMESTAMP - 1);
      assertThat(RunProgress.read(RunFolder.at(root)).orElseThrow().over()).isFalse();
      harness.processWatermark(RunOver.TIMESTAMP);
      RunProgress end = RunProgress.read(RunFolder.at(root)).orElseThrow();
      assertThat(end.over()).isTrue();
      assertThat(end.environmentSteps()).isEqualTo(400);
      assertThat(Summary.read(RunFolder.at(root)).orElseThrow().environmentSteps()).isEqualTo(400);
    }
  }
}
