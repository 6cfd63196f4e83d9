package dev.millrace.replay;

import java.util.random.RandomGenerator;

/**
 * Chooses what to sample. It knows slots and priorities, never the items in them, and tells with
 * which probability it chose. One instance serves one shard and one thread.
 *
 * <p>A sampler keeps one weight for each slot; the shard saves the weights and gives them back with
 * {@link #restore}, from which the sampler must continue exactly as if it had never stopped.
 */
public interface Sampler {

  /**
   * An item has this priority from now on, a new item or one that is there already.
   *
   * @param slot from 0; slots are filled in ascending order before any is used again
   * @param priority an absolute TD error, finite and not negative
   * @return whether the slot's weight changed, so that it must be saved again
   */
  boolean set(int slot, float priority);

  /**
   * Gives each of the first {@code count} {@code slots} the priority beside it, as {@link #set(int,
   * float)} does.
   *
   * @return whether any weight may have changed
   */
  default boolean set(int[] slots, float[] priorities, int count) {
    boolean changed = false;
    for (int i = 0; i < count; i++) {
      changed |= set(slots[i], priorities[i]);
    }
    return changed;
  }

  /**
   * Draws {@code slots.length} items with replacement. The expected number of times that an item
   * occurs among them is {@code slots.length} times its probability, whether or not the draws are
   * independent of each other.
   *
   * @param slots filled with what was drawn
   * @param probabilities as long, filled with the probability of each
   * @throws IllegalStateException if {@link #mass()} is 0
   */
  void draw(RandomGenerator random, int[] slots, double[] probabilities);

  /** The sum of all weights: how much of the whole replay's sampling falls to this shard. */
  double mass();

  /** What must be saved of {@code slot}. */
  float weight(int slot);

  /** Continues with the weights of the first {@code count} slots; the others are empty. */
  void restore(float[] weights, int count);
}
