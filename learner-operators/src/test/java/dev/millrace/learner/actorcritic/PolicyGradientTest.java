package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.math.Advantages;
import dev.millrace.core.math.PolicyLosses;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.JavaNetworks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyGradientTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of("algorithm.entropy-coefficient", 0.3, "algorithm.value-coefficient", 0.7);

  /** {@code (f(p + h) - f(p - h)) / 2h} of every parameter, of both networks. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theGradientIsThatOfTheLoss(boolean discrete) {
    EnvironmentSpec spec = discrete ? TestingGuesses.NAMED : TestingGuesses.NUMBERED;
    Actor actor = Actor.of(spec, TestingGuesses.settings(WEIGHTS));
    float[] parameters = perturbed(actor);
    Steps steps = steps(spec, actor, parameters, 3);
    float[] advantages = random(steps.count(), 4);
    float[] targets = random(steps.count(), 5);
    ActorCriticGradient gradient = new ActorCriticGradient(actor, new JavaNetworks(), 256);
    gradient.install(parameters);
    add(gradient, steps, advantages, targets);
    float[] sum = gradient.sum().clone();

    float h = 1e-2f;
    for (int i = 0; i < parameters.length; i++) {
      float[] moved = parameters.clone();
      moved[i] = parameters[i] + h;
      gradient.install(moved);
      double above = add(gradient, steps, advantages, targets);
      moved[i] = parameters[i] - h;
      gradient.install(moved);
      double below = add(gradient, steps, advantages, targets);
      assertThat((double) sum[i])
          .as("parameter %d", i)
          .isCloseTo((above - below) / (2 * h), within(5e-4));
    }
  }

  private static double add(
      ActorCriticGradient gradient, Steps steps, float[] advantages, float[] targets) {
    return gradient.loss(
        gradient.add(
            steps,
            steps.all(),
            targets,
            (logProbabilities, rows) ->
                PolicyLosses.policyGradient(logProbabilities, Steps.gathered(advantages, rows)),
            1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyRowsInPartsGiveTheGradientOfAllAtOnce(boolean normalized) {
    Actor actor = Actor.of(TestingGuesses.NAMED, TestingGuesses.settings(WEIGHTS));
    float[] parameters = perturbed(actor);
    Steps steps = steps(TestingGuesses.NAMED, actor, parameters, 150);
    ActorCriticGradient parts = new ActorCriticGradient(actor, new JavaNetworks(), 256);
    parts.install(parameters);
    PolicyGradient.Found found = new PolicyGradient(true, 0.8, normalized).add(steps, parts);

    ActorCriticGradient whole = new ActorCriticGradient(actor, new JavaNetworks(), 600);
    whole.install(parameters);
    Estimates estimates = Estimates.of(steps, whole.values(steps), 0.8);
    float[] advantages = estimates.advantages();
    if (normalized) {
      Advantages.normalize(advantages);
    }
    double loss = add(whole, steps, advantages, estimates.targets());
    assertThat(found.loss()).isCloseTo(loss, within(1e-6));
    assertThat(parts.sum()).containsExactly(whole.sum(), within(1e-6f));
  }

  @Test
  void withoutACriticActionsAreCreditedWithTheRewardsThatFollow() {
    Actor actor = Actor.of(TestingGuesses.NAMED, TestingGuesses.settings(WEIGHTS));
    float[] parameters = perturbed(actor);
    Steps steps = steps(TestingGuesses.NAMED, actor, parameters, 2);
    ActorCriticGradient gradient = new ActorCriticGradient(actor, new JavaNetworks(), 256);
    gradient.install(parameters);

    PolicyGradient.Found found = new PolicyGradient(false, 1, false).add(steps, gradient);

    float[] logProbabilities = gradient.logProbabilities(steps);
    double loss = 0;
    for (int t = 0; t < 8; t++) {
      double toGo = 0;
      for (int k = t / 4 * 4 + 3; k >= t; k--) {
        toGo = steps.rewards()[k] + 0.9 * toGo;
      }
      loss -= toGo * logProbabilities[t] / 8;
    }
    assertThat(found.terms().policyLoss()).isCloseTo(loss, within(1e-6));
    assertThat(found.terms().valueLoss()).isZero();
    assertThat(found.meanValue()).isZero();
    int policy = actor.network().parameterCount();
    float[] sum = gradient.sum();
    assertThat(Arrays.copyOfRange(sum, policy, sum.length)).containsOnly(0);
    assertThat(Arrays.copyOf(sum, policy))
        .doesNotContain(Float.NaN)
        .isNotEqualTo(new float[policy]);
  }

  /** Parameters of some size in every layer, so that no gradient is small by accident. */
  private static float[] perturbed(Actor actor) {
    float[] parameters = actor.initialParameters(1);
    float[] noise = random(parameters.length, 2);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.3f * noise[i];
    }
    return parameters;
  }

  private static Steps steps(EnvironmentSpec spec, Actor actor, float[] parameters, int episodes) {
    TrajectoryAgent agent = TestingGuesses.bind(new A3c(), spec, Map.of());
    Rollout rollout = new TestingGuesses(spec, agent, 2).rollout(0, parameters, episodes);
    return Steps.of(List.of(rollout), actor, Normalization.NONE);
  }

  private static float[] random(int count, long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
