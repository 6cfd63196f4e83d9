package dev.millrace.job.simulation;

import dev.millrace.core.experience.SampleBatch;
import dev.millrace.core.experience.Transition;
import dev.millrace.replay.ReplayShard;
import dev.millrace.replay.Sampler;
import java.util.Arrays;
import java.util.BitSet;

/** What a shard must hold: the plain reference that the real one is held against. */
final class ShardTruth {
  static final double EPSILON = 1e-6;

  /** Who says which priority a transition has. */
  enum Judge {
    ACTOR,
    LEARNER
  }

  private final int capacity;
  private final BitSet[] present;
  private final int[] environments;
  private final long[] steps;
  private final int[] lives;
  private final float[] byActor;
  private final float[] byLearner;
  long inserted;
  long sampled;

  ShardTruth(int capacity, int environmentCount) {
    this.capacity = capacity;
    present = new BitSet[environmentCount];
    Arrays.setAll(present, environment -> new BitSet());
    environments = new int[capacity];
    steps = new long[capacity];
    lives = new int[capacity];
    byActor = new float[capacity];
    byLearner = new float[capacity];
  }

  ShardTruth copy() {
    ShardTruth copy = new ShardTruth(capacity, present.length);
    Arrays.setAll(copy.present, environment -> (BitSet) present[environment].clone());
    System.arraycopy(environments, 0, copy.environments, 0, capacity);
    System.arraycopy(steps, 0, copy.steps, 0, capacity);
    System.arraycopy(lives, 0, copy.lives, 0, capacity);
    System.arraycopy(byActor, 0, copy.byActor, 0, capacity);
    System.arraycopy(byLearner, 0, copy.byLearner, 0, capacity);
    copy.inserted = inserted;
    copy.sampled = sampled;
    return copy;
  }

  /** A priority from which the transition, the life that made it and the judge can be told. */
  static float priority(int environment, long step, int life, Judge judge) {
    long mixed = ((environment * 64L + life) * 2 + judge.ordinal()) * 1_000_003L + step;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return 0.5f + (mixed >>> 40) * 0x1p-24f;
  }

  private static float weight(float priority) {
    return (float) (priority + EPSILON);
  }

  void insert(Transition transition, int life) {
    int environment = transition.environment();
    long step = transition.step();
    if (present[environment].get((int) step)) {
      throw new Violation("transition (%d, %d) was inserted twice".formatted(environment, step));
    }
    present[environment].set((int) step);
    int slot = (int) (inserted % capacity);
    environments[slot] = environment;
    steps[slot] = step;
    lives[slot] = life;
    byActor[slot] = weight(priority(environment, step, life, Judge.ACTOR));
    byLearner[slot] = weight(priority(environment, step, life, Judge.LEARNER));
    inserted++;
  }

  /** Transitions of one environment that were ever inserted here. */
  long insertedOf(int environment) {
    return present[environment].cardinality();
  }

  int size() {
    return (int) Math.min(inserted, capacity);
  }

  /** Every leaf is its own transition's priority, as an actor or the learner gave it. */
  void checkLeaves(Sampler sampler) {
    for (int slot = 0; slot < size(); slot++) {
      float leaf = sampler.weight(slot);
      if (leaf != byActor[slot] && leaf != byLearner[slot]) {
        throw new Violation(
            "slot %d holds (%d, %d) of life %d, whose leaf must be %s or %s, but it is %s: another transition's priority"
                .formatted(
                    slot,
                    environments[slot],
                    steps[slot],
                    lives[slot],
                    byActor[slot],
                    byLearner[slot],
                    leaf));
      }
    }
  }

  /** The rows of a batch are what lies in their slots. */
  void checkBatch(SampleBatch batch) {
    for (int row = 0; row < batch.size(); row++) {
      int slot = batch.slots()[row];
      boolean same =
          slot < size()
              && batch.insertNumbers()[row] % capacity == slot
              && batch.insertNumbers()[row] < inserted
              && batch.insertNumbers()[row] >= inserted - capacity
              && batch.observations()[2 * row] == environments[slot]
              && batch.observations()[2 * row + 1] == steps[slot]
              && batch.rewards()[row] == lives[slot];
      if (!same) {
        throw new Violation(
            "row %d of a batch says (%s, %s) of life %s lies in slot %d as number %d, where (%d, %d) of life %d must be"
                .formatted(
                    row,
                    batch.observations()[2 * row],
                    batch.observations()[2 * row + 1],
                    batch.rewards()[row],
                    slot,
                    batch.insertNumbers()[row],
                    environments[slot],
                    steps[slot],
                    lives[slot]));
      }
    }
  }

  /**
   * A shard holds exactly this, and nothing else. It is sampled for that, so it must be a copy.
   * Priorities lie between a half and three halves and draws are stratified, so that six draws for
   * each transition find every one.
   */
  void checkAll(ReplayShard copy) {
    if (copy.progress().inserted() != inserted
        || copy.progress().sampled() != sampled
        || copy.size() != size()) {
      throw new Violation(
          "%s must have inserted=%d, sampled=%d".formatted(copy.progress(), inserted, sampled));
    }
    if (size() == 0) {
      return;
    }
    SampleBatch all = copy.sample(6 * size());
    checkBatch(all);
    long distinct = Arrays.stream(all.slots()).distinct().count();
    if (distinct != size()) {
      throw new Violation("%d of %d transitions can be drawn".formatted(distinct, size()));
    }
  }
}
