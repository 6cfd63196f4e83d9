package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdvantagesTest {

  @Test
  void haveMeanZeroAndDeviationOne() {
    float[] advantages = {2, 4, 4, 4, 5, 5, 7, 9};
    Advantages.normalize(advantages);
    assertThat(advantages)
        .as("mean 5, deviation 2")
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(-1.5f, -0.5f, -0.5f, -0.5f, 0, 0, 1, 2);
  }

  @Test
  void aGreatMeanTakesNothingAway() {
    float[] advantages = {16_777_210, 16_777_212, 16_777_214};
    Advantages.normalize(advantages);
    float end = (float) Math.sqrt(1.5);
    assertThat(advantages).usingComparatorWithPrecision(1e-6f).containsExactly(-end, 0, end);
  }

  @Test
  void equalOnesBecomeNothing() {
    float[] advantages = new float[2049];
    Arrays.fill(advantages, 1234567.9f);
    Advantages.normalize(advantages);
    assertThat(advantages).containsOnly(0);
  }

  @Test
  void aSingleOneIsLeft() {
    float[] single = {3};
    Advantages.normalize(single);
    assertThat(single).containsExactly(3);
    Advantages.normalize(new float[0]);
  }

  @Test
  void whatIsNotFiniteShows() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (int i = 0; i < 3; i++) {
        float[] advantages = {1, 2, 3};
        advantages[i] = bad;
        Advantages.normalize(advantages);
        assertThat(advantages).containsExactly(Float.NaN, Float.NaN, Float.NaN);
      }
    }
  }

  @Test
  void roundingIsNotBlownUp() {
    float[] advantages = {0, 1e-12f};
    Advantages.normalize(advantages);
    assertThat(advantages[1]).isCloseTo(0, Offset.offset(1e-3f));
  }
}
