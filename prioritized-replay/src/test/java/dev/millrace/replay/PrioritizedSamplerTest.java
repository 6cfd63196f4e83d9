package dev.millrace.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.math.SeededRandom;
import org.junit.jupiter.api.Test;

class PrioritizedSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(int capacity) {
    return new PrioritizedSampler(capacity, 0.6, 1e-6);
  }

  @Test
  void weighsByEquationOne() {
    Sampler sampler = new PrioritizedSampler(4, 0.5, 0.25);
    sampler.set(0, 3.75f);
    sampler.set(1, 0f);
    assertThat(sampler.weight(0)).isEqualTo(2f);
    assertThat(sampler.weight(1)).isEqualTo(0.5f);
    assertThat(sampler.mass()).isEqualTo(2.5);
  }

  @Test
  void drawsOncePerStratum() {
    Sampler sampler = new PrioritizedSampler(64, 1, 1);
    for (int slot = 0; slot < 64; slot++) {
      sampler.set(slot, 0);
    }
    int[] slots = new int[32];
    sampler.draw(new SeededRandom(5), slots, new double[32]);
    for (int i = 0; i < 32; i++) {
      assertThat(slots[i]).isBetween(2 * i, 2 * i + 1);
    }
  }

  @Test
  void extremePrioritiesStayFiniteAndReachable() {
    Sampler sampler = new PrioritizedSampler(2, 8, 1e-6);
    sampler.set(0, Float.MAX_VALUE);
    assertThat(sampler.weight(0)).isEqualTo(Float.MAX_VALUE);
    sampler.set(1, 0);
    assertThat(sampler.weight(1)).isPositive();
  }

  @Test
  void refusesParametersUnderWhichSomethingWouldNeverBeDrawn() {
    assertThatThrownBy(() -> new PrioritizedSampler(1, -0.1, 1))
        .hasMessage(
            "prioritized sampler alpha=-0.1, epsilon=1.0: needs alpha from 0 to 8 and an epsilon above 0");
    assertThatThrownBy(() -> new PrioritizedSampler(1, 1, 0)).hasMessageContaining("epsilon=0.0");
  }
}
