package dev.millrace.learner.actorcritic;

import dev.millrace.core.agent.Learner;
import dev.millrace.core.agent.Update;
import dev.millrace.core.experience.Rollout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Sums the gradients that {@link GradientWorker}s found, each weighted by the transitions it came
 * of, in the order in which they are given, and takes one step. Needs no network: both networks'
 * parameters are published, for the workers' sake.
 */
final class GradientLearner implements Learner<List<Rollout>> {
  /** Of a worker's measures, those after the loss and the mean value. */
  static final List<String> MEASURES = List.of("policy_loss", "value_loss", "entropy");

  private static final int VERSION = 1;

  private final String algorithm;
  private final ActorCriticParameters parameters;
  private final float[] sum;

  /**
   * @param algorithm its name
   * @param seed decides the initial parameters
   */
  GradientLearner(String algorithm, Actor actor, long seed) {
    this.algorithm = algorithm;
    parameters = new ActorCriticParameters(actor, seed);
    sum = new float[actor.parameterCount()];
  }

  @Override
  public Update update(List<Rollout> rollouts) {
    double transitions = 0;
    for (Rollout rollout : rollouts) {
      transitions += rollout.transitions();
    }
    Arrays.fill(sum, 0);
    double[] means = new double[2 + MEASURES.size()];
    for (Rollout rollout : rollouts) {
      if (rollout.transitions() > 0) {
        add(rollout, rollout.transitions() / transitions, means);
      }
    }
    double loss = transitions == 0 ? Double.NaN : means[0];
    double norm = Double.isFinite(loss) ? parameters.apply(sum) : Double.NaN;
    if (!Double.isFinite(norm)) {
      return Update.dropped(loss, norm);
    }
    return Update.of(loss, norm, means[1], DoubleStream.of(means).skip(2).boxed().toList());
  }

  private void add(Rollout rollout, double share, double[] means) {
    float[] gradient = rollout.gradient();
    if (gradient == null || gradient.length != sum.length) {
      throw new IllegalArgumentException(
          "rollout %d of group %d has gradient=%s: algorithm %s needs its workers' float[%d]; actors and learner are not of one configuration"
              .formatted(
                  rollout.number(),
                  rollout.group(),
                  gradient == null ? "null" : "float[" + gradient.length + "]",
                  algorithm,
                  sum.length));
    }
    float weight = (float) share; // in double precision the sum takes fifty times as long
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * gradient[i];
    }
    for (int i = 0; i < means.length; i++) {
      means[i] += share * rollout.measures()[i];
    }
  }

  /** A copy of both networks' parameters, the policy's first. */
  @Override
  public float[] parameters() {
    return parameters.values().clone();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    parameters.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(
          "%s learner version=%d: this build reads version %d; use the build that wrote it"
              .formatted(algorithm, version, VERSION));
    }
    parameters.restore(in);
  }
}
