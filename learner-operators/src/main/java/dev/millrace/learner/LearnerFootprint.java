package dev.millrace.learner;

import dev.millrace.core.agent.Agent;
import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.ReplayAgent;
import dev.millrace.core.agent.TrajectoryAgent;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What a learner takes in a checkpoint and on the wire, found by asking one that never learns.
 *
 * @param parameters numbers that it publishes
 * @param stateBytes its state: parameters, targets, the optimizer's moments
 */
public record LearnerFootprint(long parameters, long stateBytes) {
  private static final int VERSION_BYTES = 64;

  /** The footprint of {@code agent}'s learner; needs no numerical backend. */
  public static LearnerFootprint of(Agent agent, long seed) throws IOException {
    Networks networks = (spec, maxCount) -> new Unused(spec);
    try (Learner<?> learner =
            agent instanceof ReplayAgent sampling
                ? sampling.learner(networks, seed)
                : ((TrajectoryAgent) agent).learner(networks, seed);
        DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream())) {
      learner.save(out);
      return new LearnerFootprint(learner.parameters().length, out.size());
    }
  }

  /** A publication's bytes. */
  public long publishedBytes() {
    return parameters * Float.BYTES + VERSION_BYTES;
  }

  private record Unused(NetworkSpec spec) implements Network {
    @Override
    public void parameters(float[] values) {
      spec.checkParameters(values);
    }

    @Override
    public void forward(float[] observations, int count, float[] outputs) {
      throw new UnsupportedOperationException("a learner that is only measured has no network");
    }

    @Override
    public void backward(float[] outputGradients, int count, float[] parameterGradients) {
      throw new UnsupportedOperationException("a learner that is only measured has no network");
    }

    @Override
    public void close() {}
  }
}
