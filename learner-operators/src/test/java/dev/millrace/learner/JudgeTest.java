package dev.millrace.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.Evaluation;
import dev.millrace.core.env.Environment;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.PolicyParameters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final EvaluatorSettings SETTINGS =
      new EvaluatorSettings("testing", 10, 100, 7, 42);
  private static final double MARGIN = 0.5;

  private final Judge judge = judge(SETTINGS);

  @Test
  void theFirstPolicyIsJudgedOnFreshEpisodes() {
    PolicyParameters offered = parameters(0, 0.3f);
    judge.offer(offered);
    Report.Evaluation verdict = verdict(judge);
    assertThat(verdict.decisive()).isTrue();
    assertThat(verdict.episodes()).isEqualTo(100);
    assertThat(verdict.version()).isEqualTo(offered.version());
    assertThat(verdict.environmentSteps()).isEqualTo(1000);
    assertThat(verdict.targetReached()).isFalse();
    assertThat(verdict.best()).isSameAs(offered);
    assertThat(judge.best()).isEqualTo(verdict.meanReturn());
    assertThat(judge.busy()).isFalse();

    Policy policy = new TestingAgent().policy();
    policy.install(new float[] {0.3f});
    Evaluation first = new Evaluation(environments(), policy, 100, 42, 0);
    Evaluation fresh = new Evaluation(environments(), policy, 100, 42, 1);
    first.advance(Integer.MAX_VALUE);
    fresh.advance(Integer.MAX_VALUE);
    assertThat(verdict.meanReturn()).isEqualTo(fresh.meanReturn());
    assertThat(first.meanReturn()).isNotEqualTo(fresh.meanReturn());
  }

  @Test
  void aPolicyThatPromisesNothingIsNotPlayedOn() {
    judge.offer(parameters(0, 0.5f));
    verdict(judge);
    judge.offer(parameters(1, 0.2f));
    Report.Evaluation verdict = verdict(judge);
    assertThat(verdict.decisive()).isFalse();
    assertThat(verdict.episodes()).isEqualTo(10);
    assertThat(verdict.meanReturn()).isCloseTo(2, within(1.5));
    assertThat(verdict.best()).isNull();
    assertThat(judge.best()).isCloseTo(5, within(MARGIN));
  }

  @Test
  void onlyADecisiveEvaluationReachesTheTarget() {
    // About 6.6 on average: of ten episodes a mean of 7 is often luck, of a hundred seldom.
    int lucky = 0;
    for (int step = 0; step < 40; step++) {
      judge.offer(parameters(step, 0.66f));
      while (true) {
        Report.Evaluation verdict = judge.advance(1);
        lucky += judge.promised() ? 1 : 0;
        if (verdict != null) {
          assertThat(verdict.targetReached()).isFalse();
          break;
        }
      }
    }
    assertThat(lucky).as("evaluations in which the target was promised").isPositive();

    judge.offer(parameters(40, 0.8f));
    Report.Evaluation verdict = verdict(judge);
    assertThat(verdict.targetReached()).isTrue();
    assertThat(verdict.decisive()).isTrue();
    assertThat(judge.promised()).isFalse();
  }

  @Test
  void withoutATargetNoneIsReached() {
    Judge judge = judge(new EvaluatorSettings("testing", 10, 100, Double.NaN, 42));
    judge.offer(parameters(0, 1));
    assertThat(verdict(judge).targetReached()).isFalse();
  }

  @Test
  void finishesTheVersionItBeganAndGoesOnWithTheNewest() {
    judge.offer(parameters(1, 0.5f));
    judge.advance(1);
    judge.offer(parameters(3, 0.4f));
    judge.offer(parameters(2, 0.9f));
    assertThat(verdict(judge).version().step()).isEqualTo(1);
    assertThat(judge.busy()).isTrue();
    assertThat(verdict(judge).version().step()).isEqualTo(3);
    assertThat(judge.busy()).isFalse();
    judge.offer(parameters(3, 0.4f));
    assertThat(judge.busy()).isFalse();
  }

  @Test
  void insistsOnDecidingAboutTheNewest() {
    judge.offer(parameters(0, 0.5f));
    verdict(judge);
    judge.offer(parameters(1, 0.1f));
    judge.advance(1);
    judge.offer(parameters(2, 0.2f));
    judge.insist();
    Report.Evaluation verdict = verdict(judge);
    assertThat(verdict.version().step()).isEqualTo(2);
    assertThat(verdict.decisive()).isTrue();
    assertThat(verdict.best()).isNull();
    judge.insist();
    assertThat(judge.busy()).isFalse();
  }

  @Test
  void insistsOnDecidingAboutWhatItFoundUnpromising() {
    judge.offer(parameters(0, 0.5f));
    verdict(judge);
    judge.offer(parameters(1, 0.2f));
    assertThat(verdict(judge).decisive()).isFalse();
    judge.insist();
    assertThat(judge.advance(Integer.MAX_VALUE).decisive()).isTrue();
  }

  @Test
  void restoredIntoAFreshJudgeItHasTheSameFuture() throws Exception {
    judge.offer(parameters(0, 0.5f));
    verdict(judge);
    judge.offer(parameters(1, 0.6f));
    judge.advance(500);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    judge.save(new DataOutputStream(bytes));
    Judge after = judge(SETTINGS);
    after.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(after.best()).isEqualTo(judge.best());
    assertThat(verdict(after)).usingRecursiveComparison().isEqualTo(verdict(judge));
    for (Judge each : List.of(judge, after)) {
      each.offer(parameters(2, 0.3f));
    }
    assertThat(verdict(after)).usingRecursiveComparison().isEqualTo(verdict(judge));
    after.offer(parameters(2, 0.3f));
    assertThat(after.busy()).isFalse();
  }

  private static Judge judge(EvaluatorSettings settings) {
    return new Judge(new TestingAgent().policy(), environments(), settings);
  }

  private static List<Environment> environments() {
    return List.of(new TestingEnvironment(), new TestingEnvironment(), new TestingEnvironment());
  }

  static PolicyParameters parameters(long step, float threshold) {
    return new PolicyParameters(
        new ParameterVersion(1, step), 1000 + step, 0, new float[] {threshold});
  }

  private static Report.Evaluation verdict(Judge judge) {
    Report.Evaluation verdict = null;
    while (verdict == null) {
      assertThat(judge.busy()).isTrue();
      verdict = judge.advance(7);
    }
    return verdict;
  }
}
