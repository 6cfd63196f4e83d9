package dev.millrace.learner.actorcritic;

import dev.millrace.core.math.Returns;

/**
 * What rewards and a critic say of the steps of a few rollouts.
 *
 * @param targets {@code float[N]}, lambda returns, for the critic
 * @param advantages {@code float[N]}, by how much they exceed the critic's values
 * @param meanValue mean of the critic's values of the states acted in
 */
record Estimates(float[] targets, float[] advantages, double meanValue) {

  /**
   * Lambda returns and generalized advantage estimates, see {@link Returns}.
   *
   * @param values {@code float[N + K]}, the critic's, of all observations
   */
  static Estimates of(Steps steps, float[] values, double lambda) {
    float[] targets =
        Returns.lambda(
            steps.rewards(),
            steps.batch().discounts(),
            steps.batch().nextValues(values),
            steps.batch().last(),
            lambda);
    float[] advantages = new float[targets.length];
    double sum = 0;
    for (int t = 0; t < targets.length; t++) {
      advantages[t] = targets[t] - values[t];
      sum += values[t];
    }
    return new Estimates(targets, advantages, sum / targets.length);
  }
}
