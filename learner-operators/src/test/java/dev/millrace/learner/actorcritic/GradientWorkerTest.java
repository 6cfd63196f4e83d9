package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.learner.network.Nd4jNetworks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientWorkerTest {
  private static final int EPISODES = 80; // more steps than a network is given at once

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void findsTheGradientThatALearnerWouldFind(boolean discrete) {
    EnvironmentSpec spec = discrete ? TestingGuesses.NAMED : TestingGuesses.NUMBERED;
    TrajectoryAgent agent = TestingGuesses.bind(new A3c(), spec, Map.of());
    float[] parameters = agent.learner(new Nd4jNetworks(), 1).parameters();
    Rollout rollout = new TestingGuesses(spec, agent, 2).rollout(0, parameters, EPISODES);

    Rollout reduced = agent.worker().work(rollout, parameters);

    assertThat(reduced.gradient())
        .isEqualTo(gradient(spec, rollout, parameters, new JavaNetworks()))
        .containsExactly(gradient(spec, rollout, parameters, new Nd4jNetworks()), within(1e-5f));
  }

  private static float[] gradient(
      EnvironmentSpec spec, Rollout rollout, float[] parameters, Networks networks) {
    Actor actor = Actor.of(spec, TestingGuesses.settings(Map.of()));
    try (ActorCriticGradient gradient =
        new ActorCriticGradient(actor, networks, PolicyGradient.ROWS_AT_ONCE)) {
      gradient.install(parameters);
      Steps steps = Steps.of(List.of(rollout), actor, Normalization.NONE);
      new PolicyGradient(true, 0.95, false).add(steps, gradient);
      return gradient.sum().clone();
    }
  }

  @Test
  void saysWhatTheGradientCameOf() {
    TrajectoryAgent agent = TestingGuesses.bind(new A3c(), TestingGuesses.NAMED, Map.of());
    float[] parameters = agent.learner(new Nd4jNetworks(), 1).parameters();
    Rollout rollout = new TestingGuesses(TestingGuesses.NAMED, agent, 2).rollout(1, parameters, 5);

    Rollout reduced = agent.worker().work(rollout, parameters);

    assertThat(reduced.transitions()).isEqualTo(20);
    assertThat(reduced.trajectories()).isEmpty();
    assertThat(reduced.group()).isEqualTo(1);
    assertThat(reduced.gradient()).hasSize(parameters.length);
    double[] measures = reduced.measures();
    assertThat(measures).hasSize(5);
    assertThat(measures[0]).isEqualTo(measures[2] + 0.5 * measures[3] - 0.01 * measures[4]);
    assertThat(measures[4]).as("entropy of a new policy").isCloseTo(Math.log(3), within(0.001));
  }

  @Test
  void takesEachRolloutByItselfAndByTheParametersThatActed() {
    TrajectoryAgent agent = TestingGuesses.bind(new A3c(), TestingGuesses.NAMED, Map.of());
    float[] first = agent.learner(new Nd4jNetworks(), 1).parameters();
    float[] second = agent.learner(new Nd4jNetworks(), 2).parameters();
    TestingGuesses guesses = new TestingGuesses(TestingGuesses.NAMED, agent, 2);
    Rollout one = guesses.rollout(0, first, 3);
    Rollout two = guesses.rollout(0, second, 3);
    RolloutWorker worker = agent.worker();

    float[] before = worker.work(one, first).gradient();
    float[] other = worker.work(two, second).gradient();
    float[] again = worker.work(one, first).gradient();

    assertThat(again).isEqualTo(before).isNotSameAs(before);
    assertThat(other).isEqualTo(agent.worker().work(two, second).gradient());
  }

  @Test
  void passesOnWhatHoldsNoStep() {
    Rollout nothing = Rollout.of(0, 1, ParameterVersion.NONE, List.of());
    TrajectoryAgent agent = TestingGuesses.bind(new A3c(), TestingGuesses.NAMED, Map.of());
    float[] parameters = agent.learner(new Nd4jNetworks(), 1).parameters();
    assertThat(agent.worker().work(nothing, parameters)).isSameAs(nothing);
  }
}
