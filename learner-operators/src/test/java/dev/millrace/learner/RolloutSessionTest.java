package dev.millrace.learner;

import static dev.millrace.learner.TestingTrajectoryAgent.rollout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.loop.Report;
import dev.millrace.core.policy.ParameterVersion;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RolloutSessionTest {
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1000), ZoneOffset.UTC);
  private static final ReplaySpec.Fifo LOCK_STEP = ReplaySpec.Fifo.lockStep(1);

  private static RolloutSession session(ReplaySpec.Fifo spec, int publishEvery, byte[] saved)
      throws IOException {
    RolloutSettings settings = new RolloutSettings(2, publishEvery, 3, 1);
    RolloutSession session =
        new RolloutSession(new TestingTrajectoryAgent(spec), settings, CLOCK, saved);
    session.publish(0);
    return session;
  }

  @Test
  void learnsInLockStepAndPublishesAfterEveryBatch() throws IOException {
    RolloutSession session = session(LOCK_STEP, 1, null);
    assertThat(session.published().values()).containsExactly(1);
    session.receive(rollout(1, 1, 0, 10, 20));
    assertThat(session.learn()).isFalse();
    session.receive(rollout(0, 1, 0, 5));
    assertThat(session.learn()).isTrue();
    assertThat(session.publicationDue()).isTrue();
    session.publish(9);
    assertThat(session.published().values()).containsExactly(37);
    assertThat(session.published().version()).isEqualTo(new ParameterVersion(1000, 1));
    assertThat(session.published().environmentSteps()).isEqualTo(3);
    assertThat(session.learn()).isFalse();
  }

  @Test
  void publishesEveryFewUpdates() throws IOException {
    RolloutSession session = session(ReplaySpec.Fifo.decoupled(1, 1, 100), 3, null);
    for (int number = 1; number <= 7; number++) {
      session.receive(rollout(0, number, 0, 1));
      assertThat(session.learn()).isTrue();
      assertThat(session.publicationDue()).isEqualTo(number % 3 == 0);
      if (session.publicationDue()) {
        session.publish(0);
      }
    }
  }

  @Test
  void reportsLagOverTransitionsAndWhatWasRefused() throws IOException {
    RolloutSession session = session(ReplaySpec.Fifo.decoupled(1, 1, 3), 1, null);
    long[] acted = {0, 0, 2, 2, 0};
    float[][] rewards = {{1}, {1}, {1, 1}, {1, 1, 1}, {1, 1, 1, 1}};
    for (int i = 0; i < acted.length; i++) {
      session.receive(rollout(0, i + 1, acted[i], rewards[i]));
      session.learn();
    }
    Report.Learning report = session.report();
    assertThat(report.version().step()).isEqualTo(4);
    assertThat(report.policyLag())
        .as("0, 1, 0 and 1 updates old")
        .isEqualTo((0 * 1 + 1 * 1 + 0 * 2 + 1 * 3) / 7.0);
    assertThat(report.refused()).as("the last was 4 updates old").isEqualTo(4);
    assertThat(report.measures()).containsExactly(1.0);
    assertThat(session.progress().sampled()).isEqualTo(11);
    assertThat(session.report()).isNull();
    session.receive(rollout(1, 1, 3, 1));
    session.learn();
    assertThat(session.report().policyLag()).as("since the last report").isEqualTo(1);
  }

  @Test
  void aFreshSessionContinuesWithWhatWaited() throws IOException {
    RolloutSession session = session(LOCK_STEP, 1, null);
    session.receive(rollout(0, 1, 0, 5));
    session.receive(rollout(1, 1, 0, 10));
    session.learn();
    session.receive(rollout(1, 2, 1, 7, 8));
    RolloutSession fresh = session(LOCK_STEP, 1, session.save());
    assertThat(fresh.progress().epoch()).isGreaterThan(session.progress().epoch());
    for (RolloutSession each : new RolloutSession[] {session, fresh}) {
      assertThat(each.progress().inserted()).isEqualTo(4);
      assertThat(each.progress().size()).isEqualTo(2);
      each.receive(rollout(0, 2, 1, 3));
      assertThat(each.learn()).isTrue();
      each.publish(0);
      assertThat(each.published().values()).as("2 · 17 + 18").containsExactly(52);
      assertThat(each.published().version().step()).isEqualTo(2);
      assertThat(each.progress().sampled()).isEqualTo(5);
    }
  }

  @Test
  void stateOfAnotherVersionIsRefused() throws IOException {
    byte[] saved = session(LOCK_STEP, 1, null).save();
    saved[3] = 6;
    assertThatThrownBy(() -> session(LOCK_STEP, 1, saved))
        .hasMessage(
            "rollout session version=6: this build reads version 1; use the build that wrote it");
  }

  @Test
  void theQueueReportsItselfAsAReplayDoes() throws IOException {
    RolloutSession session = session(LOCK_STEP, 1, null);
    session.receive(rollout(1, 1, 0, 10, 20));
    assertThat(session.queueReport())
        .isEqualTo(new Report.Replay(session.progress(), 0, 0, 0, 0, 0));
    assertThat(session.progress().shard()).isZero();
    assertThat(session.progress().inserted()).isEqualTo(2);
    assertThat(session.progress().sampled()).isZero();
  }
}
