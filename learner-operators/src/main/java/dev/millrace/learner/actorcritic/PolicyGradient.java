package dev.millrace.learner.actorcritic;

import dev.millrace.core.math.Advantages;
import dev.millrace.core.math.PolicyLosses;

/**
 * The gradient of {@code -A log pi} over all steps of a few rollouts, each used once: what
 * REINFORCE, A2C and A3C have in common, whoever asks for it and wherever (Williams 1992, "Simple
 * statistical gradient-following algorithms for connectionist reinforcement learning"; Mnih et al.
 * 2016, "Asynchronous Methods for Deep Reinforcement Learning", section 4).
 *
 * @param critic whether there is one to be learned; without, advantages are returns
 * @param lambda of the returns: 1 for rewards until the trajectory's end, what follows by the
 *     critic; less for more of the critic's word
 * @param normalizesAdvantages over the steps given at once
 */
record PolicyGradient(boolean critic, double lambda, boolean normalizesAdvantages) {
  /** What networks are given at a time: more would leave the cache, less be slower by the row. */
  static final int ROWS_AT_ONCE = 256;

  /**
   * What a gradient came of.
   *
   * @param loss whole, as it is made smaller
   * @param meanValue mean of the critic's values
   */
  record Found(double loss, double meanValue, ActorCritic.Terms terms) {}

  /** Adds the gradient of the mean over {@code steps}, of which there must be some. */
  Found add(Steps steps, ActorCriticGradient gradient) {
    int count = steps.count();
    float[] values = critic ? gradient.values(steps) : new float[steps.batch().rows()];
    Estimates estimates = Estimates.of(steps, values, lambda);
    float[] advantages = estimates.advantages();
    if (normalizesAdvantages) {
      Advantages.normalize(advantages);
    }
    float[] targets = critic ? estimates.targets() : null;
    ActorCritic.Terms terms = ActorCritic.Terms.NONE;
    for (int from = 0; from < count; from += ROWS_AT_ONCE) {
      int[] rows = Steps.rows(from, Math.min(count, from + ROWS_AT_ONCE));
      double share = (double) rows.length / count;
      terms =
          terms.plus(
              gradient.add(
                  steps,
                  rows,
                  targets,
                  (logProbabilities, taken) ->
                      PolicyLosses.policyGradient(
                          logProbabilities, Steps.gathered(advantages, taken)),
                  share),
              share);
    }
    return new Found(gradient.loss(terms), estimates.meanValue(), terms);
  }
}
