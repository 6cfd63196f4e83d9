package dev.millrace.learner;

import static dev.millrace.learner.JudgeTest.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.core.loop.Progress;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.PolicyParameters;
import dev.millrace.streams.MessageTypes;
import dev.millrace.streams.RunOver;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvaluatorOperatorTest {
  private static final EvaluatorSettings SETTINGS =
      new EvaluatorSettings("testing", 10, 100, 7, 42);

  private final List<OneInputStreamOperatorTestHarness<?, ?>> harnesses = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (OneInputStreamOperatorTestHarness<?, ?> harness : harnesses) {
      harness.close();
    }
  }

  @Test
  void playsBetweenRecordsAndNotWhileItTakesOneIn() throws Exception {
    var evaluator = opened(null);
    evaluator.processElement(parameters(0, 0.3f), 0);
    assertThat(evaluator.getOutput()).isEmpty();
    pass(evaluator);
    assertThat(verdicts(evaluator))
        .extracting(v -> v.version().step(), Report.Evaluation::decisive)
        .containsExactly(tuple(0L, true));
  }

  @Test
  void judgesTheNewestOfWhatCameMeanwhile() throws Exception {
    var evaluator = opened(null);
    for (int step = 0; step < 5; step++) {
      evaluator.processElement(parameters(step, 0.3f), 0);
    }
    pass(evaluator);
    assertThat(verdicts(evaluator)).extracting(v -> v.version().step()).containsExactly(4L);
  }

  @Test
  void saysThatTheTargetIsReachedUntilItIsHeardAndJudgesNoMore() throws Exception {
    var evaluator = opened(null);
    evaluator.processElement(parameters(0, 0.9f), 0);
    pass(evaluator);
    Report.Evaluation verdict = verdicts(evaluator).get(0);
    assertThat(verdict.targetReached()).isTrue();
    assertThat(verdict.best().values()).containsExactly(0.9f);
    int before = targets(evaluator).size();
    assertThat(before).isPositive();
    assertThat(targets(evaluator).get(0))
        .isEqualTo(new Progress.TargetReached(verdict.meanReturn()));

    evaluator.processElement(parameters(1, 1f), 0);
    pass(evaluator);
    evaluator.processWatermark(RunOver.TIMESTAMP);
    assertThat(verdicts(evaluator)).hasSize(1);
    assertThat(targets(evaluator)).hasSizeGreaterThan(before);
  }

  @Test
  void decidesAboutTheLastParametersWhenTheRunIsOver() throws Exception {
    var evaluator = opened(null);
    evaluator.processElement(parameters(0, 0.5f), 0);
    pass(evaluator);
    evaluator.processElement(parameters(1, 0.2f), 0);
    evaluator.processWatermark(RunOver.TIMESTAMP);
    assertThat(verdicts(evaluator)).hasSize(2);
    Report.Evaluation last = verdicts(evaluator).get(1);
    assertThat(last.version().step()).isEqualTo(1);
    assertThat(last.decisive()).isTrue();
    assertThat(targets(evaluator)).isEmpty();
  }

  @Test
  void tellsOfATargetReachedByTheLastParameters() throws Exception {
    var evaluator = opened(null);
    evaluator.processElement(parameters(1, 0.9f), 0);
    evaluator.processWatermark(RunOver.TIMESTAMP);
    assertThat(targets(evaluator)).hasSize(1);
  }

  @Test
  void restoredIntoAFreshOperatorItFinishesWhatItBeganAndRemembersTheBest() throws Exception {
    var before = opened(null);
    before.processElement(parameters(0, 0.5f), 0);
    pass(before);
    before.processElement(parameters(1, 0.6f), 0);
    // After a restore the learner publishes again what it published before.
    OperatorSubtaskState state = before.snapshot(1, 1);

    var after = opened(state);
    after.processElement(parameters(1, 0.6f), 0);
    pass(after);
    pass(before);
    after.processElement(parameters(2, 0.3f), 0);
    before.processElement(parameters(2, 0.3f), 0);
    pass(after);
    pass(before);
    List<Report.Evaluation> uninterrupted = verdicts(before);
    assertThat(uninterrupted).hasSize(3);
    assertThat(verdicts(after)).usingRecursiveComparison().isEqualTo(uninterrupted.subList(1, 3));
    assertThat(uninterrupted.get(2).decisive()).isFalse();
  }

  private OneInputStreamOperatorTestHarness<PolicyParameters, Report> opened(
      OperatorSubtaskState state) throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new EvaluatorOperator(loader -> new TestingAgent(), SETTINGS),
            MessageTypes.POLICY_PARAMETERS.serializer());
    harnesses.add(harness);
    harness.setup(MessageTypes.REPORT.serializer());
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  /** Lets so much time pass that everything there is to judge is judged. */
  private static void pass(OneInputStreamOperatorTestHarness<?, ?> harness) throws Exception {
    for (int i = 0; i < 100; i++) {
      harness.setProcessingTime(harness.getProcessingTime() + 100);
    }
  }

  private static List<Report.Evaluation> verdicts(OneInputStreamOperatorTestHarness<?, ?> from) {
    List<Report.Evaluation> values = new ArrayList<>();
    for (Object value : from.extractOutputValues()) {
      values.add((Report.Evaluation) value);
    }
    return values;
  }

  private static List<Progress> targets(OneInputStreamOperatorTestHarness<?, ?> from) {
    Queue<StreamRecord<Progress>> records = from.getSideOutput(EvaluatorOperator.VERDICTS);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }
}
