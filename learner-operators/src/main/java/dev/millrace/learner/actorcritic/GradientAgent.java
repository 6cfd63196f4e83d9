package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.RolloutWorker;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.Policy;
import java.util.List;

/**
 * An agent whose workers find the gradients and whose learner sums them.
 *
 * @param algorithm its name
 * @param method what the workers find
 * @param replay when their gradients are summed
 */
record GradientAgent(String algorithm, Actor actor, PolicyGradient method, ReplaySpec.Fifo replay)
    implements TrajectoryAgent {

  @Override
  public NetworkSpec network() {
    return actor.network();
  }

  @Override
  public Policy policy() {
    return actor.policy();
  }

  @Override
  public List<String> measures() {
    return GradientLearner.MEASURES;
  }

  @Override
  public RolloutWorker worker() {
    return new GradientWorker(actor, method);
  }

  /** Needs no networks: gradients are found by the workers. */
  @Override
  public Learner<List<Rollout>> learner(Networks networks, long seed) {
    return new GradientLearner(algorithm, actor, seed);
  }
}
