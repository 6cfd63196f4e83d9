package dev.millrace.core.agent;

import dev.millrace.core.experience.Rollout;
import dev.millrace.core.network.Networks;
import java.util.List;

/** An agent that learns from trajectories in the order in which they come, once from each. */
public non-sealed interface TrajectoryAgent extends Agent {

  @Override
  ReplaySpec.Fifo replay();

  /** What actors make of a rollout before they send it: a new worker, for one task. */
  default RolloutWorker worker() {
    return RolloutWorker.SENDS_TRAJECTORIES;
  }

  /**
   * How it learns: a new learner, at its first step or about to be restored.
   *
   * @param seed decides the initial parameters and every later draw
   */
  Learner<List<Rollout>> learner(Networks networks, long seed);
}
