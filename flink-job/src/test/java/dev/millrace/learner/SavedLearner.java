package dev.millrace.learner;

import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.policy.PolicyParameters;
import java.time.Clock;

/** What a learner published first when it was restored. */
public final class SavedLearner {
  private SavedLearner() {}

  /** Of one that samples a replay. */
  public static PolicyParameters published(
      ReplayAgent agent, LearnerSettings settings, byte[] saved) throws Exception {
    try (LearningSession session = new LearningSession(agent, settings, Clock.systemUTC(), saved)) {
      return session.publish(0);
    }
  }

  /** Of one that learns from rollouts in turn. */
  public static PolicyParameters published(
      TrajectoryAgent agent, RolloutSettings settings, byte[] saved) throws Exception {
    try (RolloutSession session = new RolloutSession(agent, settings, Clock.systemUTC(), saved)) {
      return session.publish(0);
    }
  }

  /** Transitions in rollouts that wait to be learned from. */
  public static long waiting(TrajectoryAgent agent, RolloutSettings settings, byte[] saved)
      throws Exception {
    try (RolloutSession session = new RolloutSession(agent, settings, Clock.systemUTC(), saved)) {
      return session.progress().size();
    }
  }
}
