package dev.millrace.learner.actorcritic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.math.PolicyLosses;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActorCriticTest {

  /** So great that no step of a finite difference crosses the clip's kink. */
  private static final double CLIP = 10;

  private static final Settings SETTINGS =
      TestingRollouts.settings(
          "algorithm.entropy-coefficient",
          0.3,
          "algorithm.value-coefficient",
          0.7,
          "algorithm.initial-log-std",
          -0.4);

  private final RecordingNetworks networks = new RecordingNetworks();

  static List<EnvironmentSpec> environments() {
    return List.of(TestingRollouts.DISCRETE, TestingRollouts.CONTINUOUS);
  }

  /** Everything a loss is made of, for one environment. */
  private static final class Case {
    final Actor actor;
    final Steps steps;
    final float[] targets;
    final float[] advantages;

    Case(EnvironmentSpec environment) {
      actor = Actor.of(environment, SETTINGS);
      TestingRollouts rollouts = new TestingRollouts(environment, 3);
      steps =
          Steps.of(
              List.of(rollouts.rollout(3, 4), rollouts.rollout(5)),
              actor,
              new Normalization(SETTINGS, 0.9, 3, 2));
      targets = rollouts.gaussians(12);
      advantages = rollouts.gaussians(12);
    }

    ActorCritic.PolicyLoss policyLoss() {
      return (logProbabilities, rows) ->
          PolicyLosses.clippedSurrogate(
                  logProbabilities,
                  gathered(steps.behaviourLogProbabilities(), rows),
                  gathered(advantages, rows),
                  CLIP)
              .loss();
    }

    /** The whole loss, by networks of its own. */
    double loss(float[] parameters) {
      int count = steps.count();
      int ofPolicy = actor.network().parameterCount();
      float[] outputs = outputs(actor.network(), Arrays.copyOf(parameters, ofPolicy));
      float[] values =
          outputs(actor.critic(), Arrays.copyOfRange(parameters, ofPolicy, parameters.length));
      double entropy = 0;
      double squares = 0;
      float[] logProbabilities = new float[count];
      for (int i = 0; i < count; i++) {
        entropy += actor.distribution().entropy(outputs, i) / count;
        double error = (double) values[i] - targets[i];
        squares += error * error / count;
        logProbabilities[i] =
            (float) actor.distribution().logProbability(outputs, i, steps.rawActions());
      }
      double policy =
          PolicyLosses.clippedSurrogate(
                  logProbabilities, steps.behaviourLogProbabilities(), advantages, CLIP)
              .loss()
              .value();
      return policy - 0.3 * entropy + 0.7 * squares / 2;
    }

    private float[] outputs(NetworkSpec spec, float[] parameters) {
      int count = steps.count();
      float[] outputs = new float[count * spec.outputs()];
      try (Network network = new JavaNetworks().create(spec, count)) {
        network.parameters(parameters);
        network.forward(steps.observations(), count, outputs);
      }
      return outputs;
    }
  }

  private static float[] gathered(float[] all, int[] rows) {
    float[] some = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      some[i] = all[rows[i]];
    }
    return some;
  }

  private float[] gradient(Actor actor) {
    float[] policy = networks.gradient(actor.network());
    float[] critic = networks.gradient(actor.critic());
    float[] both = Arrays.copyOf(policy, policy.length + critic.length);
    System.arraycopy(critic, 0, both, policy.length, critic.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("environments")
  void theGradientIsThatOfTheWholeLoss(EnvironmentSpec environment) {
    Case given = new Case(environment);
    float[] parameters = given.actor.initialParameters(5);
    try (ActorCritic actorCritic = new ActorCritic(given.actor, networks, 12, 5)) {
      ActorCritic.Terms terms =
          actorCritic.addGradient(
              given.steps, given.steps.all(), given.targets, given.policyLoss(), 1);
      assertThat(actorCritic.loss(terms)).isCloseTo(given.loss(parameters), within(1e-4));
    }
    float[] gradient = gradient(given.actor);
    double greatest = 0;
    for (int i = 0; i < parameters.length; i++) {
      float[] moved = parameters.clone();
      moved[i] = parameters[i] + 0.01f;
      double above = given.loss(moved);
      moved[i] = parameters[i] - 0.01f;
      double slope = (above - given.loss(moved)) / 0.02;
      assertThat((double) gradient[i])
          .as("parameter %d", i)
          .isCloseTo(slope, within(0.004 + 0.01 * Math.abs(slope)));
      greatest = Math.max(greatest, Math.abs(slope));
    }
    assertThat(greatest).isGreaterThan(0.5);
  }

  @ParameterizedTest
  @MethodSource("environments")
  void chunksWithTheirSharesMakeTheSameAsOnePass(EnvironmentSpec environment) {
    Case given = new Case(environment);
    ActorCritic.Terms whole;
    double norm;
    try (ActorCritic actorCritic = new ActorCritic(given.actor, networks, 12, 5)) {
      whole =
          actorCritic.addGradient(
              given.steps, given.steps.all(), given.targets, given.policyLoss(), 1);
      norm = actorCritic.apply();
    }
    float[] atOnce = gradient(given.actor);
    ActorCritic.Terms sum = ActorCritic.Terms.NONE;
    try (ActorCritic actorCritic = new ActorCritic(given.actor, networks, 5, 5)) {
      for (int[] rows : new int[][] {{0, 1, 2, 3, 4}, {9, 8}, {5, 11, 6, 10, 7}}) {
        double share = rows.length / 12.0;
        sum =
            sum.plus(
                actorCritic.addGradient(
                    given.steps, rows, given.targets, given.policyLoss(), share),
                share);
      }
      assertThat(actorCritic.apply()).isCloseTo(norm, within(1e-4));
    }
    assertThat(gradient(given.actor)).containsExactly(atOnce, within(1e-4f));
    assertThat(sum.policyLoss()).isCloseTo(whole.policyLoss(), within(1e-5));
    assertThat(sum.valueLoss()).isCloseTo(whole.valueLoss(), within(1e-4));
    assertThat(sum.entropy()).isCloseTo(whole.entropy(), within(1e-5));
  }

  @Test
  void valuesAndProbabilitiesAreTheSameHoweverManyAtOnce() {
    Case given = new Case(TestingRollouts.CONTINUOUS);
    try (ActorCritic few = new ActorCritic(given.actor, new JavaNetworks(), 5, 5);
        ActorCritic all = new ActorCritic(given.actor, new JavaNetworks(), 40, 5)) {
      assertThat(few.values(given.steps))
          .hasSize(15)
          .containsExactly(all.values(given.steps), within(1e-5f));
      assertThat(few.logProbabilities(given.steps))
          .hasSize(12)
          .containsExactly(all.logProbabilities(given.steps), within(1e-5f));
      assertThat(IntStream.range(0, 12).mapToObj(i -> all.values(given.steps)[i]).distinct())
          .hasSizeGreaterThan(6);
    }
  }

  @Test
  void aGradientThatIsNotFiniteIsNotApplied() {
    Case given = new Case(TestingRollouts.DISCRETE);
    given.targets[3] = Float.NaN;
    try (ActorCritic actorCritic = new ActorCritic(given.actor, new JavaNetworks(), 12, 5)) {
      float[] before = actorCritic.policyParameters();
      actorCritic.addGradient(given.steps, given.steps.all(), given.targets, given.policyLoss(), 1);
      assertThat(actorCritic.apply()).isNaN();
      assertThat(actorCritic.policyParameters()).isEqualTo(before);
      given.targets[3] = 0;
      actorCritic.addGradient(given.steps, given.steps.all(), given.targets, given.policyLoss(), 1);
      assertThat(actorCritic.apply()).as("the gradient begins anew").isFinite();
      assertThat(actorCritic.policyParameters()).isNotEqualTo(before);
    }
  }

  @Test
  void stateOfOtherNetworksOrVersionsIsRefused() throws IOException {
    Actor actor = Actor.of(TestingRollouts.DISCRETE, SETTINGS);
    Actor other = Actor.of(TestingRollouts.CONTINUOUS, SETTINGS);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ActorCritic saved = new ActorCritic(actor, new JavaNetworks(), 2, 1);
        ActorCritic fresh = new ActorCritic(other, new JavaNetworks(), 2, 1)) {
      saved.save(new DataOutputStream(bytes));
      assertThatThrownBy(() -> fresh.restore(in(bytes.toByteArray())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "learner was saved with networks 3-5t-5t-4 and 3-5t-5t-1, the configuration says 3-5t-5t-4 gaussian and 3-5t-5t-1: parameters cannot be continued in other networks; resume with those of before");
      assertThatThrownBy(() -> fresh.restore(in(new byte[] {0, 0, 0, 5})))
          .hasMessage(
              "actor-critic version=5: this build reads version 1; use the build that wrote it");
    }
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
