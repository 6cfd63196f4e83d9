package dev.millrace.core.math;

import java.util.random.RandomGenerator;

/**
 * A family of distributions over actions; which member of it is said by a network's outputs. One
 * {@code row} of a batch at a time: {@code K} floats of parameters, {@code A} of a raw action.
 *
 * <p>Nothing is allocated. What is not finite in the parameters comes out as not finite, or, where
 * an action was asked for, as an {@link IllegalArgumentException}: no environment could take it.
 * Functions called {@code add…Gradient} add to what stands in {@code gradients}.
 */
public interface Distribution {

  /** K, how many floats of a network's output one row takes. */
  int parameters();

  /** A, how many floats one raw action takes. */
  int actionSize();

  /**
   * Draws an action; which one depends on nothing but the parameters and the generator's state.
   *
   * @param parameters {@code float[B × K]}
   * @param actions {@code float[B × A]}, of which the row is written
   */
  void sample(float[] parameters, int row, RandomGenerator random, float[] actions);

  /**
   * The most probable action; of equally probable ones the first.
   *
   * @param parameters {@code float[B × K]}
   * @param actions {@code float[B × A]}, of which the row is written
   */
  void mode(float[] parameters, int row, float[] actions);

  /**
   * The natural logarithm of the action's probability, or of its density.
   *
   * @param parameters {@code float[B × K]}
   * @param actions {@code float[B × A]}, raw as {@link #sample} writes them
   */
  double logProbability(float[] parameters, int row, float[] actions);

  /**
   * Adds {@code scale * d logProbability / d parameters}.
   *
   * @param gradients {@code float[B × K]}, of which the row is added to
   */
  void addLogProbabilityGradient(
      float[] parameters, int row, float[] actions, double scale, float[] gradients);

  /** The entropy in nats; a density's may be negative. */
  double entropy(float[] parameters, int row);

  /**
   * Adds {@code scale * d entropy / d parameters}.
   *
   * @param gradients {@code float[B × K]}, of which the row is added to
   */
  void addEntropyGradient(float[] parameters, int row, double scale, float[] gradients);

  /**
   * The divergence {@code KL(p || q)} in nats (Kullback and Leibler 1951, "On Information and
   * Sufficiency", section 2), at least 0.
   *
   * @param p {@code float[B × K]}, the distribution that is averaged over
   * @param q {@code float[B × K]}
   */
  double kl(float[] p, float[] q, int row);

  /**
   * Adds {@code scale * d KL(p || q) / d q}.
   *
   * @param gradients {@code float[B × K]}, of which the row is added to
   */
  void addKlGradient(float[] p, float[] q, int row, double scale, float[] gradients);
}
