package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DuelingHeadTest {

  @Test
  void addsTheAdvantageAboveItsMean() {
    float[] q = new float[6];
    DuelingHead.aggregate(new float[] {10, 1, 2, 6, -1, 0, 3, 3}, 4, 2, 3, q);
    assertThat(q).containsExactly(8, 9, 13, -3, 0, 0);
  }

  @Test
  void theGradientIsThatOfFiniteDifferences() {
    float[] raw = {0.5f, -1, 2, 0.25f, 1, 3, -2, 0.75f};
    float[] qGradients = {0.3f, -0.2f, 0.7f, 1.5f, 0, -0.4f};
    float[] rawGradients = new float[8];
    DuelingHead.backpropagate(qGradients, 2, 3, rawGradients, 4);
    float h = 0.125f;
    for (int i = 0; i < raw.length; i++) {
      double above = dot(raw, i, h, qGradients);
      double below = dot(raw, i, -h, qGradients);
      assertThat((double) rawGradients[i])
          .as("raw output %d", i)
          .isCloseTo((above - below) / (2 * h), Offset.offset(1e-5));
    }
  }

  private static double dot(float[] raw, int index, float change, float[] gradients) {
    float[] moved = raw.clone();
    moved[index] += change;
    float[] q = new float[6];
    DuelingHead.aggregate(moved, 4, 2, 3, q);
    double sum = 0;
    for (int i = 0; i < q.length; i++) {
      sum += (double) q[i] * gradients[i];
    }
    return sum;
  }
}
