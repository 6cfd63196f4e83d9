package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GlobalNormTest {

  @Test
  void everyEntryCounts() {
    for (int length = 0; length < 10; length++) {
      float[] gradient = new float[length];
      double squares = 0;
      for (int i = 0; i < length; i++) {
        gradient[i] = i + 1;
        squares += (i + 1) * (i + 1);
      }
      assertThat(GlobalNorm.of(gradient)).isCloseTo(Math.sqrt(squares), Offset.offset(1e-12));
    }
  }

  @Test
  void scalesDownWhatIsTooLong() {
    float[] gradient = {3, 0, -4};
    assertThat(GlobalNorm.clip(gradient, 2.5)).isEqualTo(5);
    assertThat(gradient).containsExactly(1.5f, 0, -2);
  }

  @Test
  void leavesWhatIsShortEnoughOrNotFinite() {
    float[] gradient = {3, 0, -4};
    assertThat(GlobalNorm.clip(gradient, 5)).isEqualTo(5);
    assertThat(GlobalNorm.clip(gradient, Double.POSITIVE_INFINITY)).isEqualTo(5);
    assertThat(gradient).containsExactly(3, 0, -4);
    float[] infinite = {1, Float.NEGATIVE_INFINITY};
    assertThat(GlobalNorm.clip(infinite, 1)).isInfinite();
    assertThat(infinite).containsExactly(1, Float.NEGATIVE_INFINITY);
    assertThat(GlobalNorm.clip(new float[] {1, Float.NaN, 1, 1, 1}, 1)).isNaN();
  }

  @Test
  void doesNotOverflowWhereFloatsWould() {
    float[] gradient = new float[1000];
    Arrays.fill(gradient, 1e30f);
    assertThat(GlobalNorm.clip(gradient, 1)).isCloseTo(Math.sqrt(1000) * 1e30, Offset.offset(1e25));
    assertThat(GlobalNorm.of(gradient)).isCloseTo(1, Offset.offset(1e-5));
  }

  @Test
  void refusesAMaximumThatLeavesNothing() {
    assertThatThrownBy(() -> GlobalNorm.clip(new float[1], 0))
        .hasMessage(
            "maximum gradient norm=0.0: must be greater than 0; infinite turns clipping off");
  }
}
