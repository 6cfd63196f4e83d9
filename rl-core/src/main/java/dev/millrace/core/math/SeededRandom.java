package dev.millrace.core.math;

import java.util.random.RandomGenerator;

/**
 * A random generator whose whole state is one {@code long}, so that it can be checkpointed.
 * SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
 */
public final class SeededRandom implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private long state;

  /** Starts at {@code state}, which {@link #state()} gave or any number at all. */
  public SeededRandom(long state) {
    this.state = state;
  }

  /**
   * A generator for one purpose of an experiment: different {@code streams} of one {@code seed} are
   * unrelated.
   */
  public static SeededRandom of(long seed, String purpose, long... indices) {
    long mixed = mix(seed + GOLDEN_GAMMA) + purpose.hashCode();
    for (long index : indices) {
      mixed = mix(mixed + GOLDEN_GAMMA) + index;
    }
    return new SeededRandom(mix(mixed + GOLDEN_GAMMA));
  }

  /** What {@link #SeededRandom(long)} continues from. */
  public long state() {
    return state;
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
