package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.math.Categorical;
import dev.millrace.core.math.DiagonalGaussian;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ActorTest {

  @Test
  void choicesAreDrawnFromLogits() {
    Actor actor = Actor.of(TestingRollouts.DISCRETE, TestingRollouts.settings());
    assertThat(actor.distribution()).isEqualTo(new Categorical(4));
    assertThat(actor.network()).hasToString("3-5t-5t-4");
    assertThat(actor.critic()).hasToString("3-5t-5t-1");
    assertThat(actor.annotationSize()).isEqualTo(2).isEqualTo(actor.policy().annotationSize());
    assertThat(actor.policy().memorySize()).isZero();
  }

  @Test
  void continuousActionsAreGaussian() {
    Actor actor = Actor.of(TestingRollouts.CONTINUOUS, TestingRollouts.settings());
    assertThat(actor.distribution()).isEqualTo(new DiagonalGaussian(2));
    assertThat(actor.network().head()).isEqualTo(Head.GAUSSIAN);
    assertThat(actor.annotationSize()).isEqualTo(3).isEqualTo(actor.policy().annotationSize());
  }

  @Test
  void onlyContinuousNoiseCanBeCorrelated() {
    var settings = TestingRollouts.settings("algorithm.noise-correlation", 0.9);
    assertThat(Actor.of(TestingRollouts.CONTINUOUS, settings).policy().memorySize()).isEqualTo(3);
    assertThat(Actor.of(TestingRollouts.DISCRETE, settings).policy().memorySize()).isZero();
  }

  @Test
  void itBeginsNearlyWithoutPreferences() {
    Actor actor =
        Actor.of(
            TestingRollouts.CONTINUOUS,
            TestingRollouts.settings("algorithm.initial-log-std", -0.7));
    float[] both = actor.initialParameters(3);
    assertThat(both).hasSize(actor.parameterCount());
    int ofPolicy = actor.network().parameterCount();
    assertThat(Arrays.copyOfRange(both, ofPolicy - 2, ofPolicy)).containsExactly(-0.7f, -0.7f);
    ForwardPass pass = ForwardPass.of(actor.network(), 1);
    pass.parameters(Arrays.copyOf(both, ofPolicy));
    float[] outputs = new float[4];
    pass.forward(new float[] {1, -1, 0.5f}, 1, outputs);
    assertThat(outputs).containsExactly(new float[] {0, 0, -0.7f, -0.7f}, within(0.05f));
    assertThat(actor.initialParameters(3)).isEqualTo(both);
    assertThat(actor.initialParameters(4)).isNotEqualTo(both);
  }

  @Test
  void actionsWithoutBoundsCannotBeSquashed() {
    EnvironmentSpec unbounded =
        new EnvironmentSpec(
            "unbounded",
            Space.Box.symmetric(3, 1),
            Space.Box.symmetric(1, Float.POSITIVE_INFINITY),
            10);
    var squash = TestingRollouts.settings("algorithm.squash-actions", true);
    assertThatThrownBy(() -> Actor.of(unbounded, squash))
        .as("at once, not when it acts")
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Actor.of(unbounded, TestingRollouts.settings())).isNotNull();
  }
}
