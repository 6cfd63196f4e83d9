package dev.millrace.learner.actorcritic;

import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.math.Categorical;
import dev.millrace.core.math.DiagonalGaussian;
import dev.millrace.core.math.Distribution;
import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.NetworkOptions;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.core.policy.ActionMap;
import dev.millrace.core.policy.CorrelatedNoise;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.StochasticPolicy;
import java.util.Arrays;

/**
 * The actor of an actor–critic agent, and the critic beside it: two networks that share nothing, so
 * that actors need only the first.
 *
 * @param network answers an observation with the parameters of {@code distribution}
 * @param critic answers an observation with its value
 * @param distribution of the raw actions
 */
record Actor(
    EnvironmentSpec environment,
    Settings settings,
    NetworkSpec network,
    NetworkSpec critic,
    Distribution distribution) {
  private static final double HIDDEN_GAIN = Math.sqrt(2);
  private static final double POLICY_GAIN = 0.01;

  /**
   * @throws IllegalArgumentException if actions are to be squashed into a box without bounds
   */
  static Actor of(EnvironmentSpec environment, Settings settings) {
    int inputs = environment.observationSize();
    Distribution distribution =
        environment.actions() instanceof Space.Discrete discrete
            ? new Categorical(discrete.n())
            : new DiagonalGaussian(environment.actionSize());
    Head head = distribution instanceof DiagonalGaussian ? Head.GAUSSIAN : Head.LINEAR;
    Actor actor =
        new Actor(
            environment,
            settings,
            NetworkOptions.network(settings, inputs, head, distribution.parameters()),
            NetworkOptions.network(settings, inputs, Head.LINEAR, 1),
            distribution);
    actor.map(); // says now what would fail later
    return actor;
  }

  /** A new policy, for one task. */
  Policy policy() {
    double correlation = settings.get(ActorCriticOptions.NOISE_CORRELATION);
    CorrelatedNoise noise =
        correlation > 0 && distribution instanceof DiagonalGaussian gaussian
            ? new CorrelatedNoise(gaussian, correlation)
            : null;
    return new StochasticPolicy(network, distribution, map(), noise);
  }

  private ActionMap map() {
    boolean squash = settings.get(ActorCriticOptions.SQUASH_ACTIONS);
    if (environment.actions() instanceof Space.Box box) {
      return squash ? ActionMap.squashed(box) : ActionMap.clipped(box);
    }
    return ActionMap.SAME;
  }

  /** Floats of annotation for each decision: the raw action and its log-probability. */
  int annotationSize() {
    return distribution.actionSize() + 1;
  }

  /** Parameters of both networks, the actor's first. */
  int parameterCount() {
    return network.parameterCount() + critic.parameterCount();
  }

  /** The parameters both begin with, {@code float[parameterCount()]}. */
  float[] initialParameters(long seed) {
    float[] policy =
        Initialization.orthogonal(HIDDEN_GAIN, POLICY_GAIN)
            .parameters(network, SeededRandom.of(seed, "initial parameters"));
    float logStd = settings.get(ActorCriticOptions.INITIAL_LOG_STD).floatValue();
    if (distribution instanceof DiagonalGaussian gaussian) {
      Arrays.fill(policy, policy.length - gaussian.size(), policy.length, logStd);
    }
    float[] values =
        Initialization.orthogonal(HIDDEN_GAIN, 1)
            .parameters(critic, SeededRandom.of(seed, "initial critic"));
    float[] both = Arrays.copyOf(policy, policy.length + values.length);
    System.arraycopy(values, 0, both, policy.length, values.length);
    return both;
  }
}
