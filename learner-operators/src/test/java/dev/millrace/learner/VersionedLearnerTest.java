package dev.millrace.learner;

import static dev.millrace.learner.TestingTrajectoryAgent.rollout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.PolicyParameters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionedLearnerTest {
  private static final TestingTrajectoryAgent AGENT =
      new TestingTrajectoryAgent(ReplaySpec.Fifo.lockStep(1));

  private static VersionedLearner<List<Rollout>> learner(long millis, DataInput saved)
      throws IOException {
    return new VersionedLearner<>(
        AGENT.learner(null, 1),
        2,
        2,
        Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC),
        saved);
  }

  private static List<Rollout> batch(float reward) {
    return List.of(rollout(0, 1, 0, reward));
  }

  private static VersionedLearner<List<Rollout>> restored(
      VersionedLearner<List<Rollout>> learner, long millis) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    learner.save(new DataOutputStream(bytes));
    return learner(millis, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @Test
  void droppedUpdatesAreStepsToo() throws IOException {
    var learner = learner(1000, null);
    learner.learn(batch(1));
    assertThat(learner.learn(batch(Float.NaN)).applied()).isFalse();
    assertThat(learner.version()).isEqualTo(new ParameterVersion(1000, 2));
    assertThat(learner.dropped()).isEqualTo(1);
    assertThat(learner.publish(0, 0).values()).as("2 · 1 + 1").containsExactly(3);
  }

  @Test
  void publicationIsDueAfterEverySecondStepUntilItIsDone() throws IOException {
    var learner = learner(1000, null);
    learner.publish(0, 0);
    assertThat(learner.publicationDue()).isFalse();
    learner.learn(batch(1));
    assertThat(learner.publicationDue()).isFalse();
    learner.learn(batch(1));
    assertThat(learner.publicationDue()).isTrue();
    PolicyParameters published = learner.publish(77, 88);
    assertThat(published.version()).isEqualTo(new ParameterVersion(1000, 2));
    assertThat(published.environmentSteps()).isEqualTo(77);
    assertThat(published.publishedAtMillis()).isEqualTo(88);
    assertThat(learner.published()).isSameAs(published);
    assertThat(learner.publicationDue()).isFalse();
  }

  @Test
  void aFreshOneContinuesInALaterEpoch() throws IOException {
    var learner = learner(1000, null);
    learner.learn(batch(1));
    learner.learn(batch(Float.NaN));
    learner.learn(batch(Float.NaN));
    var sameClock = restored(learner, 1000);
    assertThat(sameClock.version()).isEqualTo(new ParameterVersion(1001, 3));
    assertThat(restored(learner, 5000).epoch()).isEqualTo(5000);
    assertThat(sameClock.dropped()).isEqualTo(2);
    assertThat(sameClock.publish(0, 0).values()).isEqualTo(learner.publish(0, 0).values());
    assertThatThrownBy(() -> sameClock.learn(batch(Float.NaN)))
        .as("the third in a row")
        .hasMessage(
            "at step=4 loss=NaN and gradientNorm=1.0, the update number 3 in a row that is not finite: must be finite within learner.max-non-finite (2) updates; lower learner.learning-rate, or look for rewards and observations that are not finite");
  }

  /** The one before may have been saved between its last update and its report. */
  @Test
  void aFreshOneReportsItsStepEvenIfNothingFollows() throws IOException {
    var learner = learner(1000, null);
    assertThat(learner.statistics().report(learner.version(), 0, 0, 0)).isNull();
    learner.learn(batch(1));
    var fresh = restored(learner, 1000);
    assertThat(fresh.statistics().report(fresh.version(), 0, 0, 0).version().step()).isEqualTo(1);
    assertThat(fresh.statistics().report(fresh.version(), 0, 0, 0)).isNull();
  }

  @Test
  void anAppliedUpdateEndsARowOfDroppedOnes() throws IOException {
    var learner = learner(1000, null);
    for (int i = 0; i < 3; i++) {
      learner.learn(batch(Float.NaN));
      learner.learn(batch(Float.NaN));
      learner.learn(batch(1));
    }
    assertThat(learner.dropped()).isEqualTo(6);
  }

  @Test
  void stateOfAnotherVersionIsRefused() {
    assertThatThrownBy(
            () ->
                learner(1, new DataInputStream(new ByteArrayInputStream(new byte[] {0, 0, 0, 8}))))
        .hasMessage(
            "learner state version=8: this build reads version 1; use the build that wrote it");
  }
}
