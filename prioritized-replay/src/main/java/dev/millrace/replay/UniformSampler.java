package dev.millrace.replay;

import dev.millrace.core.config.Option;
import dev.millrace.core.config.Settings;
import java.util.List;
import java.util.random.RandomGenerator;

/** Every item alike, in independent draws: {@code P(i) = 1 / size}. Priorities change nothing. */
public final class UniformSampler implements Sampler {
  private int size;

  @Override
  public boolean set(int slot, float priority) {
    if (slot < size) {
      return false;
    }
    size = slot + 1;
    return true;
  }

  @Override
  public void draw(RandomGenerator random, int[] slots, double[] probabilities) {
    if (size == 0) {
      throw new IllegalStateException("uniform sampler size=0: there is nothing to draw");
    }
    for (int i = 0; i < slots.length; i++) {
      slots[i] = random.nextInt(size);
      probabilities[i] = 1.0 / size;
    }
  }

  @Override
  public double mass() {
    return size;
  }

  @Override
  public float weight(int slot) {
    return slot < size ? 1 : 0;
  }

  @Override
  public void restore(float[] weights, int count) {
    size = count;
  }

  /** The catalogue's entry. */
  public static final class Provider implements SamplerProvider {
    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public String sentence() {
      return "Samples every transition with the same probability.";
    }

    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public Sampler create(int capacity, Settings settings) {
      return new UniformSampler();
    }
  }
}
