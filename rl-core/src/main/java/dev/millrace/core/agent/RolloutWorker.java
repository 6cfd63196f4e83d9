package dev.millrace.core.agent;

import dev.millrace.core.experience.Rollout;

/**
 * The part of learning that is done where the acting is. One instance is used by one thread; it
 * loads no native code.
 */
@FunctionalInterface
public interface RolloutWorker {
  /** Leaves the learning to the learner. */
  RolloutWorker SENDS_TRAJECTORIES = (rollout, parameters) -> rollout;

  /**
   * What to send to the learner.
   *
   * @param rollout with its trajectories
   * @param parameters all that were published of the version that the rollout was acted with
   * @return the same, or its gradient in place of its trajectories
   */
  Rollout work(Rollout rollout, float[] parameters);
}
