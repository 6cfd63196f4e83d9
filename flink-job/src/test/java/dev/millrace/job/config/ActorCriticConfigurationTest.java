package dev.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of options that an actor–critic algorithm cannot go by. */
class ActorCriticConfigurationTest {
  private final ExperimentReader reader =
      new ExperimentReader(ActorCriticConfigurationTest.class.getClassLoader());

  @Test
  void aRolloutOfReinforceHasNoLengthToChoose() {
    refused(
        "reinforce",
        "actor.steps-per-ticket=8",
        "actor.steps-per-ticket=8: must be 0; a rollout of this algorithm is a whole episode");
  }

  @Test
  void reinforceHasNoLambda() {
    refused(
        "reinforce",
        "algorithm.gae-lambda=1",
        "algorithm.gae-lambda: no such key; `millrace config` shows them all");
  }

  @Test
  void aLagIsNotNegative() {
    refused(
        "a3c",
        "algorithm.max-lag=-1",
        "algorithm.max-lag=-1: must be at least 0; the default is 100");
  }

  @Test
  void a2cPublishesAfterEveryRound() {
    refused(
        "a2c",
        "learner.publish-every=2",
        "learner.publish-every=2: must be 1, or 0; in lock-step actors wait for every update's parameters");
  }

  @Test
  void synchronousA3cPublishesAfterEveryRound() {
    refused(
        "a3c",
        "algorithm.synchronous=true, learner.publish-every=2",
        "learner.publish-every=2: must be 1, or 0; in lock-step actors wait for every update's parameters");
  }

  private void refused(String algorithm, String overrides, String message) {
    String yaml =
        """
        environment: {name: CartPole-v1}
        algorithm: {name: %s}
        budget: {environment-steps: 100000}
        """
            .formatted(algorithm);
    assertThatThrownBy(() -> reader.read("run", yaml, "run", List.of(overrides.split(", "))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
