package dev.millrace.learner.dqn;

import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.env.Space;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.NStepAccumulator;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.network.NetworkOptions;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.EpsilonGreedy;
import dev.millrace.core.policy.Policy;
import dev.millrace.core.policy.Schedule;
import java.util.List;
import java.util.stream.Stream;

/**
 * Deep Q-learning (Mnih et al. 2015, "Human-level control through deep reinforcement learning"),
 * with double Q-learning (van Hasselt et al. 2016), a dueling head (Wang et al. 2016), n-step
 * returns and prioritized replay (Schaul et al. 2016), spread over many actors as in Ape-X (Horgan
 * et al. 2018, "Distributed Prioritized Experience Replay").
 */
public final class Dqn implements Algorithm {
  static final Option<Boolean> DOUBLE =
      Option.declare("algorithm.double")
          .truth(true)
          .says("The online network chooses the action that the target network values.");

  static final Option<Boolean> DUELING =
      Option.declare("algorithm.dueling")
          .truth(true)
          .fixedForTheRun()
          .says("The network tells the value of a state from the advantages of actions.");

  static final Option<Long> N_STEP =
      Option.declare("algorithm.n-step")
          .whole(5)
          .from(1)
          .fixedForTheRun()
          .says("Rewards summed before a value stands for what follows.");

  static final Option<Long> TARGET_UPDATE_EVERY =
      Option.declare("algorithm.target-update-every")
          .whole(500)
          .from(1)
          .says("Updates between two copies of the online network to the target network.");

  static final Option<Double> IMPORTANCE_EXPONENT =
      Option.declare("algorithm.importance-exponent")
          .number(0.5)
          .within(0, 1)
          .says("How far samples' probabilities are corrected for: 0 not at all, 1 fully.");

  static final Option<Double> HUBER_DELTA =
      Option.declare("algorithm.huber-delta")
          .number(1)
          .above(0)
          .says("TD errors count squared up to this size and linearly beyond.");

  static final Option<Double> EPSILON_BASE =
      Option.declare("algorithm.epsilon-base")
          .number(0.4)
          .within(0, 1)
          .says("Probability of a random action in the first environment.");

  static final Option<Double> EPSILON_ALPHA =
      Option.declare("algorithm.epsilon-alpha")
          .number(7)
          .from(0)
          .says("The last environment's epsilon is the first's to the power of 1 plus this.");

  static final Option<Long> EPSILON_DECAY_STEPS =
      Option.declare("algorithm.epsilon-decay-steps")
          .whole(4000)
          .from(0)
          .says("Environment steps over which every epsilon comes down from 1.");

  @Override
  public String name() {
    return "dqn";
  }

  @Override
  public String sentence() {
    return "Double dueling DQN with n-step returns and prioritized replay, as in Ape-X; discrete actions.";
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> own =
        List.of(
            DOUBLE,
            DUELING,
            N_STEP,
            LearnerOptions.DISCOUNT,
            TARGET_UPDATE_EVERY,
            IMPORTANCE_EXPONENT,
            HUBER_DELTA,
            EPSILON_BASE,
            EPSILON_ALPHA,
            EPSILON_DECAY_STEPS);
    return Stream.of(own, LearnerOptions.all(), NetworkOptions.all())
        .<Option<?>>flatMap(List::stream)
        .toList();
  }

  @Override
  public ReplayAgent bind(EnvironmentSpec environment, int environments, Settings settings) {
    if (!(environment.actions() instanceof Space.Discrete actions)) {
      throw new IllegalArgumentException(
          "algorithm=dqn: environment %s has actions in %s, and dqn chooses among discrete ones; take another algorithm"
              .formatted(environment.name(), environment.actions()));
    }
    NetworkSpec network =
        NetworkOptions.network(
            settings,
            environment.observationSize(),
            settings.get(DUELING) ? Head.DUELING : Head.LINEAR,
            actions.n());
    return new Bound(environment, environments, settings, network);
  }

  private record Bound(
      EnvironmentSpec environment, int environments, Settings settings, NetworkSpec network)
      implements ReplayAgent {

    @Override
    public Policy policy() {
      double[] ladder =
          EpsilonGreedy.ladder(
              settings.get(EPSILON_BASE), settings.get(EPSILON_ALPHA), environments);
      return new EpsilonGreedy(
          network, ladder, Schedule.linear(1, 0, settings.get(EPSILON_DECAY_STEPS)));
    }

    @Override
    public Accumulator<Transition> accumulator(int number) {
      return new NStepAccumulator(
          number,
          settings.count(N_STEP),
          settings.get(LearnerOptions.DISCOUNT),
          environment.observationSize(),
          environment.actionSize());
    }

    @Override
    public ReplaySpec.Sampled replay() {
      return new ReplaySpec.Sampled(
          environment.observationSize(),
          environment.actionSize(),
          settings.count(LearnerOptions.BATCH_SIZE));
    }

    @Override
    public Learner<SampleBatch> learner(Networks networks, long seed) {
      return new DqnLearner(network, networks, settings, seed);
    }
  }
}
