package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TdErrorsTest {
  private static final Offset<Float> CLOSE = Offset.offset(1e-6f);
  private static final float[] Q_TM1 = {1, 2, 3, 4, 5, 6};
  private static final float[] A_TM1 = {2, 0};
  private static final float[] R_T = {0.5f, -1};
  private static final float[] DISCOUNT_T = {0.5f, 0.25f};
  private static final float[] Q_T = {10, 40, 20, -4, -8, -12};

  @Test
  void theTargetOfQLearningIsTheGreatestValue() {
    float[] errors = TdErrors.qLearning(Q_TM1, A_TM1, R_T, DISCOUNT_T, Q_T);
    assertThat(errors[0]).isCloseTo(0.5f + 0.5f * 40 - 3, CLOSE);
    assertThat(errors[1]).isCloseTo(-1 + 0.25f * -4 - 4, CLOSE);
    assertThat(errors).hasSize(2);
  }

  @Test
  void doubleQLearningSelectsWithOneNetworkAndValuesWithTheOther() {
    float[] selector = {0, 0, 1, 7, 9, 9};
    float[] errors = TdErrors.doubleQLearning(Q_TM1, A_TM1, R_T, DISCOUNT_T, Q_T, selector);
    assertThat(errors[0]).isCloseTo(0.5f + 0.5f * 20 - 3, CLOSE);
    assertThat(errors[1]).as("the first of two equals").isCloseTo(-1 + 0.25f * -8 - 4, CLOSE);
  }

  @Test
  void nothingFollowsATerminalState() {
    float[] notFinite = {Float.NaN, Float.POSITIVE_INFINITY};
    float[] errors =
        TdErrors.qLearning(
            new float[] {1, 2}, new float[] {1}, new float[] {5}, new float[] {0}, notFinite);
    assertThat(errors).containsExactly(3);
  }

  @Test
  void theGradientIsThatOfFiniteDifferences() {
    float[] errorGradients = {0.3f, -1.7f};
    float[] gradients = TdErrors.backpropagate(errorGradients, A_TM1, 3);
    float h = 0.25f;
    for (int i = 0; i < Q_TM1.length; i++) {
      double difference = (weighed(i, h, errorGradients) - weighed(i, -h, errorGradients)) / 2 / h;
      assertThat((double) gradients[i]).as("q %d", i).isCloseTo(difference, Offset.offset(1e-5));
    }
  }

  private static double weighed(int index, float change, float[] weights) {
    float[] moved = Q_TM1.clone();
    moved[index] += change;
    float[] errors = TdErrors.qLearning(moved, A_TM1, R_T, DISCOUNT_T, Q_T);
    return (double) errors[0] * weights[0] + (double) errors[1] * weights[1];
  }

  @Test
  void checksShapesFirst() {
    assertThatThrownBy(() -> TdErrors.qLearning(new float[5], A_TM1, R_T, DISCOUNT_T, new float[5]))
        .hasMessage("qTm1 has 5 entries: must be a multiple of the 2 transitions in rT");
    assertThatThrownBy(() -> TdErrors.qLearning(Q_TM1, new float[1], R_T, DISCOUNT_T, Q_T))
        .hasMessage("aTm1 has 1 entries: must have 2, one for each transition in rT");
    assertThatThrownBy(() -> TdErrors.qLearning(Q_TM1, A_TM1, R_T, new float[3], Q_T))
        .hasMessage("discountT has 3 entries: must have 2, one for each transition in rT");
    assertThatThrownBy(
            () -> TdErrors.doubleQLearning(Q_TM1, A_TM1, R_T, DISCOUNT_T, new float[4], Q_T))
        .hasMessage("qTValue has 4 entries: must have 6, as qTm1 has");
    assertThatThrownBy(
            () -> TdErrors.doubleQLearning(Q_TM1, A_TM1, R_T, DISCOUNT_T, Q_T, new float[4]))
        .hasMessage("qTSelector has 4 entries: must have 6, as qTm1 has");
    assertThatThrownBy(() -> TdErrors.qLearning(Q_TM1, new float[] {0, 3}, R_T, DISCOUNT_T, Q_T))
        .hasMessage("aTm1[1]=3.0: must be a whole number from 0 to 2");
    assertThatThrownBy(() -> TdErrors.backpropagate(new float[2], new float[] {0, 0.5f}, 3))
        .hasMessage("aTm1[1]=0.5: must be a whole number from 0 to 2");
    assertThatThrownBy(
            () ->
                TdErrors.qLearning(
                    new float[0], new float[0], new float[0], new float[0], new float[0]))
        .hasMessage("rT has 0 entries: a batch needs at least 1 transition");
  }
}
