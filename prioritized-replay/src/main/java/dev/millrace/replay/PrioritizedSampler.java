package dev.millrace.replay;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Proportional prioritization, Schaul et al. 2016, "Prioritized Experience Replay", equation 1:
 * {@code P(i) = p_i^alpha / sum_k p_k^alpha} with {@code p_i = |delta_i| + epsilon} (section 3.3).
 *
 * <p>Draws are stratified as in its appendix B.2.1: the line {@code [0, mass)} is cut into as many
 * equal ranges as there are draws, and one point is drawn in each. That spreads a batch over the
 * priorities and leaves each item's expected count at {@code B × P(i)}.
 */
public final class PrioritizedSampler implements Sampler {
  private final SumTree tree;
  private final double alpha;
  private final double epsilon;
  private float[] weights = new float[0];

  /**
   * @param capacity slots
   * @param alpha how much priorities matter: 0 samples uniformly, 1 in proportion
   * @param epsilon added to every TD error, so that nothing is never sampled again
   */
  public PrioritizedSampler(int capacity, double alpha, double epsilon) {
    if (!(alpha >= 0 && alpha <= 8) || !(epsilon > 0 && epsilon < 1e9)) {
      throw new IllegalArgumentException(
          "prioritized sampler alpha=%s, epsilon=%s: needs alpha from 0 to 8 and an epsilon above 0"
              .formatted(alpha, epsilon));
    }
    this.tree = new SumTree(capacity);
    this.alpha = alpha;
    this.epsilon = epsilon;
  }

  @Override
  public boolean set(int slot, float priority) {
    float weight = weightOf(priority);
    if (tree.get(slot) == weight) {
      return false;
    }
    tree.set(slot, weight);
    return true;
  }

  @Override
  public boolean set(int[] slots, float[] priorities, int count) {
    if (weights.length < count) {
      weights = new float[count];
    }
    for (int i = 0; i < count; i++) {
      weights[i] = weightOf(priorities[i]);
    }
    tree.set(slots, weights, count);
    return count > 0;
  }

  // A weight of 0 would stand for an empty slot, and an infinite one would be all there is.
  private float weightOf(float priority) {
    float weight = (float) Math.pow(priority + epsilon, alpha);
    return Math.max(Float.MIN_NORMAL, Math.min(Float.MAX_VALUE, weight));
  }

  @Override
  public void draw(RandomGenerator random, int[] slots, double[] probabilities) {
    double mass = tree.total();
    double stratum = mass / slots.length;
    for (int i = 0; i < slots.length; i++) {
      probabilities[i] = Math.min((i + random.nextDouble()) * stratum, mass);
    }
    tree.find(probabilities, slots);
    for (int i = 0; i < slots.length; i++) {
      probabilities[i] = tree.get(slots[i]) / mass;
    }
  }

  @Override
  public double mass() {
    return tree.total();
  }

  @Override
  public float weight(int slot) {
    return tree.get(slot);
  }

  @Override
  public void restore(float[] weights, int count) {
    tree.build(weights, count);
  }

  /** The catalogue's entry. */
  public static final class Provider implements SamplerProvider {
    /** Alpha of equation 1. */
    public static final Option<Double> PRIORITY_EXPONENT =
        Option.declare("replay.priority-exponent")
            .number(0.6)
            .within(0, 1)
            .fixedForTheRun()
            .says(
                "Alpha: a transition is drawn in proportion to (|TD error| + epsilon)^alpha; 0 is uniform.");

    /** Epsilon of section 3.3. */
    public static final Option<Double> PRIORITY_EPSILON =
        Option.declare("replay.priority-epsilon")
            .number(1e-3)
            .above(0)
            .says("Added to every absolute TD error, so that no transition is forgotten.");

    @Override
    public String name() {
      return "prioritized";
    }

    @Override
    public String sentence() {
      return "Samples in proportion to TD errors to the power alpha (Schaul et al. 2016).";
    }

    @Override
    public List<Option<?>> options() {
      return List.of(PRIORITY_EXPONENT, PRIORITY_EPSILON);
    }

    @Override
    public long heapBytes(int capacity) {
      return SumTree.bytes(capacity);
    }

    @Override
    public Sampler create(int capacity, Settings settings) {
      return new PrioritizedSampler(
          capacity, settings.get(PRIORITY_EXPONENT), settings.get(PRIORITY_EPSILON));
    }
  }
}
