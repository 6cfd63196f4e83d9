package dev.millrace.core.policy;

import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.NetworkSpec;

/**
 * The action of greatest value, or with probability epsilon any action. Environment {@code i} of
 * {@code N} has an epsilon of its own, {@code base^(1 + alpha * i / (N - 1))} (Horgan et al. 2018,
 * "Distributed Prioritized Experience Replay", section 4.1), raised to the exploration that the
 * experiment's clock still prescribes for everyone.
 *
 * <p>Annotates every decision with {@code [q(s, a), max_a q(s, a)]}, from which an accumulator
 * tells the first priority. Of equal values the first action is taken.
 */
public final class EpsilonGreedy implements Policy {
  private final NetworkSpec network;
  private final double[] ladder;
  private final Schedule exploration;
  private ForwardPass forward;
  private float[] parameters;
  private float[] q = new float[0];

  /**
   * @param network answers an observation with one value for each action
   * @param ladder each environment's own epsilon; see {@link #ladder}
   * @param exploration least epsilon of everyone, by the experiment's environment steps
   */
  public EpsilonGreedy(NetworkSpec network, double[] ladder, Schedule exploration) {
    for (int i = 0; i < ladder.length; i++) {
      if (!(ladder[i] >= 0 && ladder[i] <= 1)) {
        throw new IllegalArgumentException(
            "epsilon of environment %d=%s: must be between 0 and 1".formatted(i, ladder[i]));
      }
    }
    this.network = network;
    this.ladder = ladder.clone();
    this.exploration = exploration;
  }

  /**
   * Each environment's own epsilon, {@code double[environments]}.
   *
   * @param base of environment 0, the greatest
   * @param alpha how much smaller the last one's is: {@code base^(1 + alpha)}; 0 for all the same
   */
  public static double[] ladder(double base, double alpha, int environments) {
    double[] ladder = new double[environments];
    for (int i = 0; i < environments; i++) {
      double position = environments == 1 ? 0 : (double) i / (environments - 1);
      ladder[i] = Math.pow(base, 1 + alpha * position);
    }
    return ladder;
  }

  /** The probability with which {@code environment} acts at random. */
  public double epsilon(int environment, long environmentSteps) {
    return Math.max(ladder[environment], exploration.at(environmentSteps));
  }

  @Override
  public int annotationSize() {
    return 2;
  }

  @Override
  public void install(float[] parameters) {
    if (forward == null) {
      forward = ForwardPass.of(network, 1);
    }
    forward.parameters(parameters);
    this.parameters = parameters;
  }

  @Override
  public void act(ActingBatch batch) {
    int actions = network.outputs();
    makeRoom(batch.capacity);
    forward.forward(batch.observations, batch.count, q);
    double least = batch.greedy ? 0 : exploration.at(batch.environmentSteps);
    for (int i = 0; i < batch.count; i++) {
      int row = i * actions;
      int best = 0;
      for (int a = 1; a < actions; a++) {
        if (q[row + a] > q[row + best]) {
          best = a;
        }
      }
      int taken = best;
      if (!batch.greedy
          && batch.randoms[i].nextDouble() < Math.max(ladder[batch.environments[i]], least)) {
        taken = batch.randoms[i].nextInt(actions);
      }
      batch.actions[i] = taken;
      batch.annotations[2 * i] = q[row + taken];
      batch.annotations[2 * i + 1] = q[row + best];
    }
  }

  private void makeRoom(int capacity) {
    if (parameters == null) {
      throw new IllegalStateException(
          "policy over network %s has no parameters: install some before it acts"
              .formatted(network));
    }
    if (q.length < capacity * network.outputs()) {
      q = new float[capacity * network.outputs()];
      forward = ForwardPass.of(network, capacity);
      forward.parameters(parameters);
    }
  }
}
