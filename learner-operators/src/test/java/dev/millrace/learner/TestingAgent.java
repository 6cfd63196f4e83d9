package dev.millrace.learner;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.ReplaySpec;
import dev.millrace.core.agent.Update;
import dev.millrace.core.experience.Accumulator;
import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Head;
import dev.millrace.core.network.Networks;
import dev.millrace.core.policy.ActingBatch;
import dev.millrace.core.policy.Policy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Learns one number, the sum of all rewards sampled, and acts with it: the action is 1 if the
 * number is at least the observation, otherwise 0. A reward that is not a number drops the update.
 */
final class TestingAgent implements ReplayAgent {
  static final int BATCH_SIZE = 2;

  @Override
  public NetworkSpec network() {
    return new NetworkSpec(1, List.of(), Head.LINEAR, 2);
  }

  @Override
  public Policy policy() {
    return new TestingPolicy();
  }

  @Override
  public Accumulator<Transition> accumulator(int environment) {
    throw new UnsupportedOperationException("not needed");
  }

  @Override
  public ReplaySpec.Sampled replay() {
    return new ReplaySpec.Sampled(1, 1, BATCH_SIZE);
  }

  @Override
  public Learner<SampleBatch> learner(Networks networks, long seed) {
    return new TestingLearner(seed);
  }

  private static final class TestingPolicy implements Policy {
    private float threshold;

    @Override
    public int annotationSize() {
      return 0;
    }

    @Override
    public void install(float[] parameters) {
      threshold = parameters[0];
    }

    @Override
    public void act(ActingBatch batch) {
      for (int i = 0; i < batch.count; i++) {
        batch.actions[i] = threshold >= batch.observations[i] ? 1 : 0;
      }
    }
  }

  private static final class TestingLearner implements Learner<SampleBatch> {
    private float sum;

    private TestingLearner(long seed) {
      sum = seed;
    }

    @Override
    public Update update(SampleBatch batch) {
      float total = 0;
      for (float reward : batch.rewards()) {
        total += reward;
      }
      if (Float.isNaN(total)) {
        return Update.dropped(total, 1);
      }
      sum += total;
      float[] priorities = new float[batch.size()];
      for (int i = 0; i < priorities.length; i++) {
        priorities[i] = (float) batch.probabilities()[i] * batch.population();
      }
      return Update.of(total, 2 * total, sum, priorities);
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
