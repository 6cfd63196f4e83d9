package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LossesTest {

  @Test
  void huberIsAParabolaThatBecomesALine() {
    float[] ones = {1, 1, 1, 1};
    Losses.Loss loss = Losses.huber(new float[] {0.5f, -1, 3, -4}, ones, 2);
    assertThat(loss.value()).isCloseTo((0.125 + 0.5 + 2 * 2 + 2 * 3) / 4, Offset.offset(1e-9));
    assertThat(loss.gradient()).containsExactly(0.125f, -0.25f, 0.5f, -0.5f);
  }

  @Test
  void weightsMultiplyBothValueAndGradient() {
    Losses.Loss loss = Losses.huber(new float[] {1, 10}, new float[] {0.5f, 0.25f}, 1);
    assertThat(loss.value()).isCloseTo((0.5 * 0.5 + 0.25 * 9.5) / 2, Offset.offset(1e-9));
    assertThat(loss.gradient()).containsExactly(0.25f, 0.125f);
  }

  @Test
  void anInfiniteDeltaGivesHalfTheSquare() {
    Losses.Loss loss = Losses.huber(new float[] {100}, new float[] {1}, Double.POSITIVE_INFINITY);
    assertThat(loss.value()).isEqualTo(5000);
    assertThat(loss.gradient()).containsExactly(100);
  }

  @Property(tries = 200, seed = "1")
  void theGradientIsThatOfFiniteDifferences(
      @ForAll @DoubleRange(min = -5, max = 5) double error,
      @ForAll @DoubleRange(min = 0.1, max = 3) double delta) {
    float[] weights = {0.7f, 0.2f};
    float h = 1f / 1024;
    float near = (float) error;
    double above = Losses.huber(new float[] {near + h, 2}, weights, delta).value();
    double below = Losses.huber(new float[] {near - h, 2}, weights, delta).value();
    double slope = Losses.huber(new float[] {near, 2}, weights, delta).gradient()[0];
    assertThat(slope).isCloseTo((above - below) / (2 * h), Offset.offset(1e-3));
  }

  @Test
  void squaredIsHalfTheMeanOfSquares() {
    Losses.Loss loss = Losses.squared(new float[] {1, 5}, new float[] {2, 1});
    assertThat(loss.value()).isEqualTo((0.5 + 8) / 2);
    assertThat(loss.gradient()).containsExactly(-0.5f, 2);
  }

  @Test
  void theGradientOfSquaredIsThatOfFiniteDifferences() {
    SeededRandom random = new SeededRandom(1);
    float[] predictions = FiniteDifferences.point(random, 7, 3);
    float[] targets = FiniteDifferences.point(random, 7, 3);
    FiniteDifferences.assertGradient(
        Losses.squared(predictions, targets).gradient(),
        predictions,
        1e-6,
        moved -> Losses.squared(moved, targets).value());
  }

  @Test
  void squaredShowsWhatIsNotANumber() {
    float[] good = {1, 2};
    float[] bad = {1, Float.NaN};
    assertThat(Losses.squared(good, bad).value()).isNaN();
    assertThat(Losses.squared(bad, good).value()).isNaN();
    assertThat(Losses.squared(good, bad).gradient()).containsExactly(0, Float.NaN);
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> Losses.squared(new float[2], new float[3]))
        .hasMessage("targets has 3 entries: must have 2, one for each prediction");
    assertThatThrownBy(() -> Losses.squared(new float[0], new float[0]))
        .hasMessage("predictions has 0 entries: a mean needs at least 1");
    assertThatThrownBy(() -> Losses.huber(new float[2], new float[3], 1))
        .hasMessage("weights has 3 entries: must have 2, one for each error");
    assertThatThrownBy(() -> Losses.huber(new float[0], new float[0], 1))
        .hasMessage("errors has 0 entries: a mean needs at least 1");
    assertThatThrownBy(() -> Losses.huber(new float[2], new float[2], 0))
        .hasMessage("Huber delta=0.0: must be greater than 0");
  }
}
