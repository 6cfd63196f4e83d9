package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

/** What every sampler must do, whatever its rule. */
abstract class SamplerContract {
  private static final int CAPACITY = 50;
  private static final int FILLED = 40;

  abstract Sampler sampler(int capacity);

  private Sampler filled() {
    Sampler sampler = sampler(CAPACITY);
    for (int slot = 0; slot < FILLED; slot++) {
      sampler.set(slot, slot % 7 * 0.5f);
    }
    return sampler;
  }

  @Test
  void drawsEachItemAsOftenAsItReports() {
    Sampler sampler = filled();
    SeededRandom random = new SeededRandom(1);
    int[] slots = new int[16];
    double[] probabilities = new double[16];
    long[] counts = new long[CAPACITY];
    double[] reported = new double[CAPACITY];
    int batches = 40_000;
    for (int i = 0; i < batches; i++) {
      sampler.draw(random, slots, probabilities);
      for (int k = 0; k < slots.length; k++) {
        counts[slots[k]]++;
        reported[slots[k]] = probabilities[k];
      }
    }
    double sum = 0;
    for (int slot = 0; slot < FILLED; slot++) {
      double expected = reported[slot] * batches * slots.length;
      assertThat((double) counts[slot])
          .as("slot %d", slot)
          .isBetween(
              expected - 5 * Math.sqrt(expected) - 1, expected + 5 * Math.sqrt(expected) + 1);
      sum += reported[slot];
    }
    // Items that are all but never drawn report nothing, and have next to nothing to report.
    assertThat(sum).isBetween(0.999, 1.000001);
    for (int slot = FILLED; slot < CAPACITY; slot++) {
      assertThat(counts[slot]).as("empty slot %d", slot).isZero();
    }
  }

  @Test
  void probabilitiesAreWeightsOverMass() {
    Sampler sampler = filled();
    double mass = 0;
    for (int slot = 0; slot < CAPACITY; slot++) {
      mass += sampler.weight(slot);
    }
    assertThat(sampler.mass()).isEqualTo(mass, org.assertj.core.api.Assertions.within(1e-9));
    int[] slots = new int[200];
    double[] probabilities = new double[200];
    sampler.draw(new SeededRandom(2), slots, probabilities);
    for (int i = 0; i < slots.length; i++) {
      assertThat(probabilities[i]).isEqualTo(sampler.weight(slots[i]) / sampler.mass());
    }
  }

  @Test
  void continuesFromItsWeightsAsIfItHadNeverStopped() {
    Sampler sampler = filled();
    float[] weights = new float[CAPACITY + 5];
    for (int slot = 0; slot < FILLED; slot++) {
      weights[slot] = sampler.weight(slot);
    }
    Sampler restored = sampler(CAPACITY);
    restored.restore(weights, FILLED);
    SeededRandom random = new SeededRandom(3);
    SeededRandom same = new SeededRandom(3);
    for (int round = 0; round < 20; round++) {
      int[] expected = new int[8];
      int[] slots = new int[8];
      double[] expectedProbabilities = new double[8];
      double[] probabilities = new double[8];
      sampler.draw(random, expected, expectedProbabilities);
      restored.draw(same, slots, probabilities);
      assertThat(slots).isEqualTo(expected);
      assertThat(probabilities).isEqualTo(expectedProbabilities);
      assertThat(restored.mass()).isEqualTo(sampler.mass());
      float priority = random.nextFloat();
      same.nextFloat();
      assertThat(restored.set(round + 25, priority)).isEqualTo(sampler.set(round + 25, priority));
    }
  }

  @Test
  void tellsWhetherASlotMustBeSavedAgain() {
    Sampler sampler = filled();
    for (int slot = 0; slot <= FILLED; slot++) {
      float before = sampler.weight(slot);
      boolean changed = sampler.set(slot, 1.5f);
      assertThat(changed).as("slot %d", slot).isEqualTo(sampler.weight(slot) != before);
      assertThat(sampler.set(slot, 1.5f)).isFalse();
    }
    assertThat(sampler.weight(FILLED)).isPositive();
  }

  @Test
  void manyPrioritiesAtOnceAreAsManyOneByOne() {
    Sampler single = filled();
    Sampler many = filled();
    int[] slots = {3, 39, 3, 17, 20};
    float[] priorities = {1, 7, 2.5f, 0, 4};
    for (int i = 0; i < 4; i++) {
      single.set(slots[i], priorities[i]);
    }
    float[] before = weights(many);
    boolean changed = many.set(slots, priorities, 4);
    assertThat(weights(many)).isEqualTo(weights(single));
    assertThat(many.mass()).isEqualTo(single.mass());
    if (!changed) {
      assertThat(weights(many)).isEqualTo(before);
    }
  }

  private static float[] weights(Sampler sampler) {
    float[] weights = new float[CAPACITY];
    for (int slot = 0; slot < CAPACITY; slot++) {
      weights[slot] = sampler.weight(slot);
    }
    return weights;
  }

  @Test
  void emptyItHasNoMassAndDrawsNothing() {
    Sampler sampler = sampler(CAPACITY);
    assertThat(sampler.mass()).isZero();
    assertThatThrownBy(() -> sampler.draw(new SeededRandom(4), new int[1], new double[1]))
        .isInstanceOf(IllegalStateException.class);
  }
}
