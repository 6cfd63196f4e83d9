package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Algorithm;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.LearnerOptions;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.core.env.EnvironmentSpec;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.Policy;
import java.util.List;

/**
 * Proximal policy optimization (Schulman et al. 2017, "Proximal Policy Optimization Algorithms"),
 * with many actors in lock-step as in DPPO (Heess et al. 2017): several epochs of minibatches on
 * the clipped surrogate of each round of rollouts, advantages by GAE, ended early where the policy
 * has moved further than a target divergence.
 */
public final class Ppo implements Algorithm {
  static final Option<Double> CLIP =
      Option.declare("algorithm.clip")
          .number(0.2)
          .above(0)
          .says("How far the probability of an action may move from the one it was drawn with.");

  static final Option<Long> EPOCHS =
      Option.declare("algorithm.epochs")
          .whole(10)
          .from(1)
          .says("Times that each round of rollouts is gone through.");

  static final Option<Double> TARGET_KL =
      Option.declare("algorithm.target-kl")
          .number(Double.POSITIVE_INFINITY)
          .above(0)
          .says("A round is left for the next once the policy has diverged by 1.5 times this.");

  static final Option<Boolean> NORMALIZE_ADVANTAGES = ActorCriticOptions.normalizeAdvantages(true);

  @Override
  public String name() {
    return "ppo";
  }

  @Override
  public String sentence() {
    return "PPO: clipped surrogate with GAE on lock-step rollouts; discrete and continuous actions.";
  }

  @Override
  public boolean samplesReplay() {
    return false;
  }

  @Override
  public List<Option<?>> options() {
    return ActorCriticOptions.with(
        ActorCriticOptions.GAE_LAMBDA,
        CLIP,
        EPOCHS,
        TARGET_KL,
        NORMALIZE_ADVANTAGES,
        Normalization.OBSERVATIONS,
        Normalization.REWARDS,
        LearnerOptions.BATCH_SIZE);
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
      return List.of("policy_loss", "value_loss", "entropy", "approximate_kl", "clip_fraction");
    }

    @Override
    public Learner<List<Rollout>> learner(Networks networks, long seed) {
      return new PpoLearner(actor, environments, networks, seed);
    }
  }
}
