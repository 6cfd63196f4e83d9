package dev.millrace.learner.actorcritic;

import dev.millrace.core.math.Losses;
import dev.millrace.core.network.Networks;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * An actor and its critic where they are learned: their parameters, and the gradient at just those.
 */
final class ActorCritic implements AutoCloseable {
  /** What is to be learned from the actions taken in a few steps. */
  interface PolicyLoss {
    /**
     * @param logProbabilities {@code float[B]}, of the actions, by the present parameters
     * @param rows {@code int[B]}, which steps they are
     * @return the mean over them, with its gradient with respect to {@code logProbabilities}
     */
    Losses.Loss of(float[] logProbabilities, int[] rows);
  }

  /**
   * What is to be learned from all steps of a batch.
   *
   * @param policyLoss with its gradient with respect to the log-probabilities of the actions
   * @param targets {@code float[N]}, of the critic
   */
  record Lesson(Losses.Loss policyLoss, float[] targets) {}

  /** Judges a batch by what both networks answer to it. */
  interface Critique {
    /**
     * @param logProbabilities {@code float[N]}, of the actions, by the present parameters
     * @param values {@code float[N + K]} or longer, of all observations
     */
    Lesson of(float[] logProbabilities, float[] values);
  }

  /**
   * What a gradient came of, as means over its steps.
   *
   * @param policyLoss without entropy
   * @param valueLoss half the squared error of the critic
   * @param entropy of the policy, in nats
   */
  record Terms(double policyLoss, double valueLoss, double entropy) {
    static final Terms NONE = new Terms(0, 0, 0);

    Terms plus(Terms more, double share) {
      return new Terms(
          policyLoss + share * more.policyLoss,
          valueLoss + share * more.valueLoss,
          entropy + share * more.entropy);
    }
  }

  private final ActorCriticParameters parameters;
  private final ActorCriticGradient gradient;

  /**
   * @param rowsAtOnce that a network is given; the greatest B of a gradient over some of the steps
   * @param seed decides the initial parameters
   */
  ActorCritic(Actor actor, Networks networks, int rowsAtOnce, long seed) {
    parameters = new ActorCriticParameters(actor, seed);
    gradient = new ActorCriticGradient(actor, networks, rowsAtOnce);
    gradient.install(parameters.values());
  }

  /** A copy of the policy's parameters, {@code float[P]}, for normalized observations. */
  float[] policyParameters() {
    return parameters.ofPolicy();
  }

  /** The gradient at the present parameters. */
  ActorCriticGradient gradient() {
    return gradient;
  }

  /** As {@link ActorCriticGradient#values}. */
  float[] values(Steps steps) {
    return gradient.values(steps);
  }

  /** As {@link ActorCriticGradient#logProbabilities}. */
  float[] logProbabilities(Steps steps) {
    return gradient.logProbabilities(steps);
  }

  /** As {@link ActorCriticGradient#add(Steps, int[], float[], PolicyLoss, double)}. */
  Terms addGradient(Steps steps, int[] rows, float[] targets, PolicyLoss loss, double share) {
    return gradient.add(steps, rows, targets, loss, share);
  }

  /** As {@link ActorCriticGradient#add(Steps, Critique)}. */
  Terms addGradient(Steps steps, Critique critique) {
    return gradient.add(steps, critique);
  }

  /** The value of the whole loss. */
  double loss(Terms terms) {
    return gradient.loss(terms);
  }

  /**
   * Takes a step against the gradient, which begins anew; none if it is not finite.
   *
   * @return its norm before clipping
   */
  double apply() {
    double norm = parameters.apply(gradient.sum());
    gradient.clear();
    gradient.install(parameters.values());
    return norm;
  }

  /** Begins the gradient anew without a step. */
  void discard() {
    gradient.clear();
  }

  /** Writes parameters and optimizer. */
  void save(DataOutput out) throws IOException {
    parameters.save(out);
  }

  /**
   * Continues what {@link #save} wrote.
   *
   * @throws IllegalStateException if it was written for other networks
   */
  void restore(DataInput in) throws IOException {
    parameters.restore(in);
    gradient.install(parameters.values());
  }

  @Override
  public void close() {
    gradient.close();
  }
}
