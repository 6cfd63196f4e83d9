package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.Policy;
import java.util.List;

/**
 * Synchronous advantage actor–critic (Mnih et al. 2016, "Asynchronous Methods for Deep
 * Reinforcement Learning", without the asynchrony), as in PAAC (Clemente, Castejón and Chandra
 * 2017, "Efficient Parallel Methods for Deep Reinforcement Learning"): all environments act in
 * lock-step, and each round of rollouts becomes one step of the optimizer.
 */
public final class A2c implements Algorithm {
  static final Option<Boolean> NORMALIZE_ADVANTAGES = ActorCriticOptions.normalizeAdvantages(false);

  @Override
  public String name() {
    return "a2c";
  }

  @Override
  public String sentence() {
    return "A2C, PAAC: one step for each round of lock-step rollouts; discrete and continuous actions.";
  }

  @Override
  public boolean samplesReplay() {
    return false;
  }

  @Override
  public List<Option<?>> options() {
    return ActorCriticOptions.with(
        ActorCriticOptions.GAE_LAMBDA,
        NORMALIZE_ADVANTAGES,
        Normalization.OBSERVATIONS,
        Normalization.REWARDS);
  }

  @Override
  public Agent bind(EnvironmentSpec environment, int environments, Settings settings) {
    return new Bound(Actor.of(environment, settings), environments);
  }

  private record Bound(Actor actor, int environments) implements TrajectoryAgent {

    @Override
    public NetworkSpec network() {
      return actor.network();
    }

    @Override
    public Policy policy() {
      return actor.policy();
    }

    @Override
    public ReplaySpec.Fifo replay() {
      return ReplaySpec.Fifo.lockStep(actor.settings().get(LearnerOptions.DISCOUNT));
    }

    @Override
    public List<String> measures() {
      return List.of("policy_loss", "value_loss", "entropy");
    }

    @Override
    public Learner<List<Rollout>> learner(Networks networks, long seed) {
      return new A2cLearner(actor, environments, networks, seed);
    }
  }

  private static final class A2cLearner extends ActorCriticLearner {
    private final PolicyGradient method;

    A2cLearner(Actor actor, int environments, Networks networks, long seed) {
      super("a2c", actor, environments, networks, PolicyGradient.ROWS_AT_ONCE, seed);
      Settings settings = actor.settings();
      method =
          new PolicyGradient(
              true,
              settings.get(ActorCriticOptions.GAE_LAMBDA),
              settings.get(NORMALIZE_ADVANTAGES));
    }

    @Override
    public Update update(List<Rollout> rollouts) {
      Steps steps = Steps.of(rollouts, actor, normalization);
      if (steps.count() == 0) {
        return Update.dropped(Double.NaN, Double.NaN);
      }
      PolicyGradient.Found found = method.add(steps, actorCritic.gradient());
      double norm = actorCritic.apply();
      if (!Double.isFinite(norm)) {
        return Update.dropped(found.loss(), norm);
      }
      normalization.learned(steps.batch());
      ActorCritic.Terms terms = found.terms();
      return Update.of(
          found.loss(),
          norm,
          found.meanValue(),
          List.of(terms.policyLoss(), terms.valueLoss(), terms.entropy()));
    }
  }
}
