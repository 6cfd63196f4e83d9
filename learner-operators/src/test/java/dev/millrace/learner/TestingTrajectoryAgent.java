package dev.millrace.learner;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.agent.Update;
import dev.millrace.core.experience.Rollout;
import dev.millrace.core.experience.Trajectory;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ParameterVersion;
import dev.millrace.core.policy.Policy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Learns one number, {@code 2 x + sum of all rewards} for each batch, so that the order of batches
 * can be told from it. A reward that is not a number drops the update.
 */
record TestingTrajectoryAgent(ReplaySpec.Fifo replay) implements TrajectoryAgent {

  /** A rollout of as many steps as there are rewards. */
  static Rollout rollout(int group, long number, long step, float... rewards) {
    int steps = rewards.length;
    Trajectory trajectory =
        new Trajectory(
            group,
            0,
            new float[steps],
            new float[steps],
            new float[steps],
            rewards,
            new float[steps],
            new float[1],
            false);
    return Rollout.of(group, number, new ParameterVersion(1, step), List.of(trajectory));
  }

  @Override
  public NetworkSpec network() {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public Policy policy() {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public List<String> measures() {
    return List.of("rollouts");
  }

  @Override
  public Learner<List<Rollout>> learner(Networks networks, long seed) {
    return new TestingLearner(seed);
  }

  private static final class TestingLearner implements Learner<List<Rollout>> {
    private float sum;

    private TestingLearner(long seed) {
      sum = seed;
    }

    @Override
    public Update update(List<Rollout> batch) {
      double total = 0;
      for (Rollout rollout : batch) {
        for (Trajectory trajectory : rollout.trajectories()) {
          for (float reward : trajectory.rewards()) {
            total += reward;
          }
        }
      }
      if (Double.isNaN(total)) {
        return Update.dropped(total, 1);
      }
      sum = (float) (2 * sum + total);
      return Update.of(total, 2 * total, sum, List.of((double) batch.size()));
    }

    @Override
    public float[] parameters() {
      return new float[] {sum};
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeFloat(sum);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      sum = in.readFloat();
    }
  }
}
