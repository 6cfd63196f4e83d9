package dev.millrace.core.math;

import static dev.millrace.core.math.FiniteDifferences.assertGradient;
import static dev.millrace.core.math.FiniteDifferences.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TanhSquashTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);
  private static final TanhSquash UNIT = new TanhSquash(new float[] {-1}, new float[] {1});
  private static final TanhSquash BOX = new TanhSquash(new float[] {-2, 3}, new float[] {2, 3.5f});

  @Test
  void takesRawActionsIntoTheBox() {
    float half = (float) (0.5 * Math.log(3));
    float[] actions = new float[4];
    BOX.squash(new float[] {9, 9, half, 0}, 1, actions);
    assertThat(actions).as("tanh(log(3)/2) is 1/2").containsExactly(0, 0, 1, 3.25f);
  }

  @Test
  void neverLeavesTheBox() {
    float[] low = {-0.1f, 1e-3f, -3e38f};
    float[] high = {0.7f, 16_777_216, 3e38f};
    TanhSquash squash = new TanhSquash(low, high);
    assertThat(squash.size()).isEqualTo(3);
    for (float raw : new float[] {1e30f, 20, 10, Float.POSITIVE_INFINITY}) {
      float[] actions = {raw, raw, raw};
      squash.squash(actions, 0, actions);
      assertThat(actions).as("%s", raw).usingComparatorWithPrecision(1e-6f).isEqualTo(high);
      for (int i = 0; i < 3; i++) {
        assertThat(actions[i]).isLessThanOrEqualTo(high[i]);
      }
      float[] others = {-raw, -raw, -raw};
      squash.squash(others, 0, others);
      for (int i = 0; i < 3; i++) {
        assertThat(others[i]).isBetween(low[i], high[i]);
      }
    }
  }

  @Test
  void theDeterminantIsThatOfFiniteDifferences() {
    float[] raw = {-0.75f, 0.5f};
    double product = 1;
    for (int i = 0; i < 2; i++) {
      double step = 1e-5;
      double[] halves = {2, 0.25};
      product *= halves[i] * (Math.tanh(raw[i] + step) - Math.tanh(raw[i] - step)) / (2 * step);
    }
    assertThat(BOX.logDeterminant(raw, 0)).isCloseTo(Math.log(product), Offset.offset(1e-8));
  }

  @Test
  void theDeterminantSurvivesWhereTheSlopeIsTooSmallToSubtract() {
    assertThat(UNIT.logDeterminant(new float[] {0}, 0)).isCloseTo(0, CLOSE);
    for (float raw : new float[] {30, -30, 1000}) {
      assertThat(UNIT.logDeterminant(new float[] {raw}, 0))
          .as("log(4 exp(-2 |u|)) at %s", raw)
          .isCloseTo(Math.log(4) - 2 * Math.abs(raw), CLOSE);
    }
  }

  @Test
  void theGradientOfTheDeterminantIsThatOfFiniteDifferences() {
    for (long seed = 0; seed < 20; seed++) {
      float[] raw = point(new SeededRandom(seed), 6, 1);
      float[] gradients = new float[6];
      BOX.addLogDeterminantGradient(raw, 1, -0.5, gradients);
      assertGradient(gradients, raw, 1e-5, u -> -0.5 * BOX.logDeterminant(u, 1));
    }
    float[] added = {1, 1};
    BOX.addLogDeterminantGradient(new float[] {100, 0}, 0, 1, added);
    assertThat(added).containsExactly(-1, 1);
  }

  @Test
  void squashedDensitiesIntegrateToOne() {
    DiagonalGaussian gaussian = new DiagonalGaussian(1);
    float[] parameters = {0.25f, -0.5f};
    TanhSquash squash = new TanhSquash(new float[] {-1}, new float[] {4});
    int cells = 20_000;
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      double tanh = (i + 0.5) / cells * 2 - 1;
      float[] raw = {(float) (0.5 * Math.log((1 + tanh) / (1 - tanh)))};
      double log = gaussian.logProbability(parameters, 0, raw) - squash.logDeterminant(raw, 0);
      sum += Math.exp(log) * 5 / cells;
    }
    assertThat(sum).isCloseTo(1, Offset.offset(1e-4));
  }

  @Test
  void whatIsNotANumberShows() {
    float[] raw = {Float.NaN, 0};
    assertThat(BOX.logDeterminant(raw, 0)).isNaN();
    float[] actions = new float[2];
    BOX.squash(raw, 0, actions);
    assertThat(actions[0]).isNaN();
    assertThat(actions[1]).isEqualTo(3.25f);
    float[] gradients = new float[2];
    BOX.addLogDeterminantGradient(raw, 0, 1, gradients);
    assertThat(gradients[0]).isNaN();
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> new TanhSquash(new float[2], new float[1]))
        .hasMessage("high has 1 entries: must have 2, one for each dimension in low");
    assertThatThrownBy(() -> new TanhSquash(new float[0], new float[0]))
        .hasMessage("low has 0 entries: a box has at least 1 dimension");
    assertThatThrownBy(() -> new TanhSquash(new float[] {0}, new float[] {Float.POSITIVE_INFINITY}))
        .hasMessage(
            "low[0]=0.0, high[0]=Infinity: must be finite and low below high; tanh reaches no further");
    assertThatThrownBy(() -> new TanhSquash(new float[] {0, 1}, new float[] {1, 1}))
        .hasMessageStartingWith("low[1]=1.0, high[1]=1.0: must be finite and low below high");
    assertThatThrownBy(() -> BOX.squash(new float[3], 0, new float[2]))
        .hasMessage("raw has 3 entries: must be a multiple of 2, so many to a row");
    assertThatThrownBy(() -> BOX.squash(new float[4], 1, new float[2]))
        .hasMessage("row=1: actions has only 1");
  }
}
