package dev.millrace.core.math;

/**
 * Losses of a policy, to be made smaller, with gradients with respect to log-probabilities; {@link
 * Distribution#addLogProbabilityGradient} carries those on to a network's outputs. Advantages are
 * constants. Entries that are not finite make the loss and their own gradient not finite.
 */
public final class PolicyLosses {
  private PolicyLosses() {}

  /**
   * {@code -1/B sum_i advantages_i log pi_i} (Williams 1992, "Simple statistical gradient-following
   * algorithms", theorem 1; Mnih et al. 2016, "Asynchronous Methods for Deep Reinforcement
   * Learning", section 4).
   *
   * @param logProbabilities {@code float[B]}, of the actions taken
   * @param advantages {@code float[B]}
   */
  public static Losses.Loss policyGradient(float[] logProbabilities, float[] advantages) {
    int count = count(logProbabilities);
    Shapes.require("advantages", advantages.length, count, "one for each log-probability");
    float[] gradient = new float[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum -= (double) advantages[i] * logProbabilities[i];
      gradient[i] = (float) (-(double) advantages[i] / count);
    }
    return new Losses.Loss(sum / count, gradient);
  }

  /**
   * A clipped surrogate loss and how far the policy has moved.
   *
   * @param loss gradient with respect to the log-probabilities
   * @param clipFraction of the steps, those whose ratio lies beyond the clip on either side
   * @param approximateKl mean of Schulman's third estimator of {@code KL(behaviour || policy)},
   *     {@code ratio - 1 - log ratio}, unbiased and never negative (Schulman 2020, "Approximating
   *     KL Divergence")
   */
  public record Surrogate(Losses.Loss loss, double clipFraction, double approximateKl) {}

  /**
   * {@code -1/B sum_i min(ratio_i A_i, clamp(ratio_i, 1 - clip, 1 + clip) A_i)} with {@code ratio =
   * exp(log pi - log mu)} (Schulman et al. 2017, "Proximal Policy Optimization Algorithms", eq. 7).
   * A step whose advantage has been taken beyond the clip already has no gradient.
   *
   * @param logProbabilities {@code float[B]}, of the actions taken, under the policy
   * @param behaviourLogProbabilities {@code float[B]}, under the one that acted
   * @param advantages {@code float[B]}
   * @param clip greater than 0, epsilon there
   */
  public static Surrogate clippedSurrogate(
      float[] logProbabilities,
      float[] behaviourLogProbabilities,
      float[] advantages,
      double clip) {
    int count = count(logProbabilities);
    Shapes.require(
        "behaviourLogProbabilities",
        behaviourLogProbabilities.length,
        count,
        "one for each log-probability");
    Shapes.require("advantages", advantages.length, count, "one for each log-probability");
    Shapes.requireWithin("clip", clip, clip > 0, "greater than 0");
    float[] gradient = new float[count];
    double sum = 0;
    double kl = 0;
    int beyond = 0;
    for (int i = 0; i < count; i++) {
      double logRatio = (double) logProbabilities[i] - behaviourLogProbabilities[i];
      double ratio = Math.exp(logRatio);
      double advantage = advantages[i];
      boolean above = ratio > 1 + clip;
      boolean below = ratio < 1 - clip;
      if (above && advantage > 0) {
        sum -= (1 + clip) * advantage;
      } else if (below && advantage < 0) {
        sum -= (1 - clip) * advantage;
      } else {
        sum -= ratio * advantage;
        gradient[i] = (float) (-ratio * advantage / count);
      }
      kl += Math.expm1(logRatio) - logRatio;
      beyond += above || below ? 1 : 0;
    }
    Losses.Loss loss = new Losses.Loss(sum / count, gradient);
    return new Surrogate(loss, (double) beyond / count, kl / count);
  }

  private static int count(float[] logProbabilities) {
    if (logProbabilities.length == 0) {
      throw new IllegalArgumentException("logProbabilities has 0 entries: a mean needs at least 1");
    }
    return logProbabilities.length;
  }
}
