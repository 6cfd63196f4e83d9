package dev.millrace.learner;

import static dev.millrace.learner.TestingTrajectoryAgent.rollout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.RunOver;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link LearnerOperator} with {@link RolloutLessons}. */
class RolloutLessonsTest {
  private static final ReplaySpec.Fifo LOCK_STEP = ReplaySpec.Fifo.lockStep(1);
  private final List<OneInputStreamOperatorTestHarness<?, ?>> harnesses = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (OneInputStreamOperatorTestHarness<?, ?> harness : harnesses) {
      harness.close();
    }
  }

  @Test
  void publishesAndTellsWhenItOpens() throws Exception {
    var learner = opened(LOCK_STEP, 1, null);
    assertThat(parameters(learner)).hasSize(1);
    assertThat(parameters(learner).get(0).values()).containsExactly(1);
    assertThat(parameters(learner).get(0).version().newerThan(ParameterVersion.NONE)).isTrue();
    assertThat(progress(learner)).extracting(Progress.Shard::inserted).containsExactly(0L);
  }

  @Test
  void learnsInLockStepAndPublishesAfterEveryBatch() throws Exception {
    var learner = opened(LOCK_STEP, 1, null);
    for (int number = 1; number <= 3; number++) {
      send(learner, rollout(1, number, number - 1, 1));
      send(learner, rollout(0, number, number - 1, 2, 3));
    }
    assertThat(parameters(learner))
        .extracting(p -> p.version().step() + ": " + p.values()[0])
        .containsExactly("0: 1.0", "1: 8.0", "2: 22.0", "3: 50.0");
    assertThat(last(parameters(learner)).environmentSteps()).isEqualTo(9);
    assertThat(last(progress(learner)).sampled()).isEqualTo(9);
  }

  @Test
  void learnsFromAsManyBatchesAsThereAre() throws Exception {
    var learner = opened(ReplaySpec.Fifo.decoupled(1, 2, 9), 2, null);
    send(learner, rollout(0, 1, 0, 1));
    assertThat(parameters(learner)).hasSize(1);
    for (int number = 2; number <= 8; number++) {
      send(learner, rollout(0, number, 0, 1));
    }
    assertThat(parameters(learner)).extracting(p -> p.version().step()).containsExactly(0L, 2L, 4L);
  }

  @Test
  void tellsAtOnceThatARolloutWasRefused() throws Exception {
    var learner = opened(ReplaySpec.Fifo.decoupled(1, 2, 0), 1, null);
    send(learner, rollout(0, 1, 0, 1, 1));
    int told = progress(learner).size();
    send(learner, rollout(0, 2, 1, 1));
    assertThat(progress(learner)).as("too few to learn from").hasSize(told);
    send(learner, rollout(1, 1, 0, 1, 1, 1));
    assertThat(last(progress(learner)).sampled()).isEqualTo(5);
    assertThat(parameters(learner)).extracting(p -> p.version().step()).containsExactly(0L, 1L);
  }

  @Test
  void saysAgainWhatMayHaveBeenLost() throws Exception {
    var learner = opened(LOCK_STEP, 1, null);
    learner.getOutput().clear();
    learner.getSideOutput(RolloutLessons.PROGRESS).clear();
    learner.setProcessingTime(1000);
    assertThat(parameters(learner)).extracting(p -> p.version().step()).contains(0L);
    assertThat(progress(learner)).isNotEmpty();
  }

  @Test
  void reportsByTimer() throws Exception {
    var learner = opened(LOCK_STEP, 1, null);
    send(learner, rollout(0, 1, 0, 4));
    send(learner, rollout(1, 1, 0, 6));
    learner.setProcessingTime(1000);
    List<Report.Learning> reports = learning(learner);
    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).loss()).isEqualTo(10);
    assertThat(reports.get(0).measures()).containsExactly(2.0);
    assertThat(side(learner, LearnerOperator.REPORTS))
        .hasAtLeastOneElementOfType(Report.Replay.class);
  }

  @Test
  void restoredIntoAFreshOperatorItHasTheSameFuture() throws Exception {
    var uninterrupted = opened(LOCK_STEP, 1, null);
    var before = opened(LOCK_STEP, 1, null);
    for (var learner : List.of(uninterrupted, before)) {
      send(learner, rollout(0, 1, 0, 4));
      send(learner, rollout(1, 1, 0, 6));
      send(learner, rollout(1, 2, 1, Float.NaN));
      learner.setProcessingTime(200);
    }
    OperatorSubtaskState state = before.snapshot(1, 1);
    var after = opened(LOCK_STEP, 1, state);
    PolicyParameters again = parameters(after).get(0);
    assertThat(again.version().epoch()).isGreaterThan(last(parameters(before)).version().epoch());
    assertThat(again.version().step()).isEqualTo(1);
    assertThat(again.values()).as("of the checkpoint").containsExactly(12);
    for (var learner : List.of(uninterrupted, after)) {
      send(learner, rollout(0, 2, 1, 5));
      send(learner, rollout(0, 3, 2, 7));
      send(learner, rollout(1, 3, 2, 8));
      learner.setProcessingTime(2000);
    }
    assertThat(last(parameters(after)).values())
        .isEqualTo(last(parameters(uninterrupted)).values())
        .containsExactly(39);
    assertThat(last(learning(after)))
        .usingRecursiveComparison()
        .ignoringFields("version.epoch")
        .isEqualTo(last(learning(uninterrupted)));
    assertThat(last(learning(after)).dropped()).isEqualTo(1);
  }

  @Test
  void failsForGoodWhenTooManyUpdatesInARowAreNotFinite() throws Exception {
    var learner = opened(ReplaySpec.Fifo.decoupled(1, 1, 9), 1, null);
    send(learner, rollout(0, 1, 0, Float.NaN));
    send(learner, rollout(0, 2, 0, Float.NaN));
    assertThatThrownBy(() -> send(learner, rollout(0, 3, 0, Float.NaN)))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageMatching(
            ".*, subtask 1/1: at step=3 loss=NaN and gradientNorm=1\\.0, the update number 3 in a row that is not finite: .*");
  }

  @Test
  void publishesItsLastParametersWhenTheRunIsOver() throws Exception {
    var learner = opened(ReplaySpec.Fifo.decoupled(1, 1, 9), 5, null);
    send(learner, rollout(0, 1, 0, 4));
    learner.processWatermark(RunOver.TIMESTAMP);
    assertThat(parameters(learner)).extracting(p -> p.version().step()).containsExactly(0L, 1L);
    assertThat(learning(learner)).hasSize(1);
  }

  private OneInputStreamOperatorTestHarness<Rollout, PolicyParameters> opened(
      ReplaySpec.Fifo spec, int publishEvery, OperatorSubtaskState state) throws Exception {
    RolloutSettings settings = new RolloutSettings(2, publishEvery, 2, 1);
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new LearnerOperator<>(
                loader -> new TestingTrajectoryAgent(spec), RolloutLessons.with(settings), false),
            MessageTypes.ROLLOUT.serializer());
    harnesses.add(harness);
    harness.setup(MessageTypes.POLICY_PARAMETERS.serializer());
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static void send(
      OneInputStreamOperatorTestHarness<Rollout, PolicyParameters> learner, Rollout rollout)
      throws Exception {
    learner.processElement(rollout, 0);
  }

  private static List<PolicyParameters> parameters(OneInputStreamOperatorTestHarness<?, ?> from) {
    List<PolicyParameters> values = new ArrayList<>();
    for (Object value : from.extractOutputValues()) {
      values.add((PolicyParameters) value);
    }
    return values;
  }

  private static List<Progress.Shard> progress(OneInputStreamOperatorTestHarness<?, ?> from) {
    return side(from, RolloutLessons.PROGRESS).stream().map(Progress.Shard.class::cast).toList();
  }

  private static List<Report.Learning> learning(OneInputStreamOperatorTestHarness<?, ?> from) {
    return side(from, LearnerOperator.REPORTS).stream()
        .filter(Report.Learning.class::isInstance)
        .map(Report.Learning.class::cast)
        .toList();
  }

  private static <T> List<T> side(OneInputStreamOperatorTestHarness<?, ?> from, OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = from.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private static <T> T last(List<T> values) {
    return values.get(values.size() - 1);
  }
}
