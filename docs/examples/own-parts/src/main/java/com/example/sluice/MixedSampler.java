package com.example.sluice;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import dev.millrace.replay.PrioritizedSampler;
import dev.millrace.replay.Sampler;
import dev.millrace.replay.SamplerProvider;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws in proportion to priorities, and a share of what it draws uniformly, so that surprising
 * transitions never crowd out the rest: {@code P(i) = share / size + (1 - share) w_i / mass}.
 */
public final class MixedSampler implements Sampler {
  private final Sampler prioritized;
  private final double share;
  private int size;

  MixedSampler(Sampler prioritized, double share) {
    this.prioritized = prioritized;
    this.share = share;
  }

  @Override
  public boolean set(int slot, float priority) {
    size = Math.max(size, slot + 1);
    return prioritized.set(slot, priority);
  }

  @Override
  public void draw(RandomGenerator random, int[] slots, double[] probabilities) {
    prioritized.draw(random, slots, probabilities);
    for (int i = 0; i < slots.length; i++) {
      if (random.nextDouble() < share) {
        slots[i] = random.nextInt(size);
      }
      probabilities[i] = share / size + (1 - share) * weight(slots[i]) / mass();
    }
  }

  @Override
  public double mass() {
    return prioritized.mass();
  }

  @Override
  public float weight(int slot) {
    return prioritized.weight(slot);
  }

  @Override
  public void restore(float[] weights, int count) {
    size = count;
    prioritized.restore(weights, count);
  }

  /** Registered as {@code mixed}. */
  public static final class Provider implements SamplerProvider {
    static final Option<Double> UNIFORM_SHARE =
        Option.declare("replay.uniform-share")
            .number(0.1)
            .within(0, 1)
            .says("Share of samples that is drawn uniformly.");

    private final SamplerProvider prioritized = new PrioritizedSampler.Provider();

    @Override
    public String name() {
      return "mixed";
    }

    @Override
    public String sentence() {
      return "Samples in proportion to TD errors, and a share uniformly.";
    }

    @Override
    public List<Option<?>> options() {
      return List.of(
          UNIFORM_SHARE,
          PrioritizedSampler.Provider.PRIORITY_EXPONENT,
          PrioritizedSampler.Provider.PRIORITY_EPSILON);
    }

    @Override
    public Sampler create(int capacity, Settings settings) {
      return new MixedSampler(prioritized.create(capacity, settings), settings.get(UNIFORM_SHARE));
    }
  }
}
