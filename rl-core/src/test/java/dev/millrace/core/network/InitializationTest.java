package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InitializationTest {
  private static final int IN = 100;
  private static final int HIDDEN = 200;
  private static final NetworkSpec SPEC =
      new NetworkSpec(IN, List.of(new Dense(HIDDEN, Activation.RELU)), Head.DUELING, 2);

  @Test
  void fanInIsWhatATorchLinearStartsWith() {
    float[] flat = draw(Initialization.FAN_IN);
    checkUniform(flat, 0, IN * HIDDEN, 0.1);
    checkUniform(flat, IN * HIDDEN, HIDDEN, 0.1);
    checkUniform(flat, IN * HIDDEN + HIDDEN, HIDDEN * 3, Math.sqrt(1.0 / 200));
  }

  @Test
  void heKeepsTheVarianceThroughRelu() {
    float[] flat = draw(Initialization.HE);
    checkUniform(flat, 0, IN * HIDDEN, Math.sqrt(0.06));
    checkUniform(flat, IN * HIDDEN, HIDDEN, 0);
  }

  @Test
  void glorotLooksAtBothFans() {
    float[] flat = draw(Initialization.GLOROT);
    checkUniform(flat, 0, IN * HIDDEN, Math.sqrt(0.02));
    checkUniform(flat, IN * HIDDEN, HIDDEN, 0);
    checkUniform(flat, IN * HIDDEN + HIDDEN, HIDDEN * 3, Math.sqrt(6.0 / 203));
  }

  @Test
  void orthogonalKeepsLengthsThroughWideAndTallAndSquareLayers() {
    Dense wide = new Dense(40, Activation.TANH);
    Dense tall = new Dense(7, Activation.TANH);
    NetworkSpec spec = new NetworkSpec(5, List.of(wide, wide, tall), Head.DUELING, 2);
    float[] flat =
        Initialization.orthogonal(Math.sqrt(2), 0.01).parameters(spec, new SeededRandom(3));
    int[] widths = spec.widths();
    int from = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int in = widths[layer - 1];
      int out = widths[layer];
      checkOrthogonal(flat, from, in, out, layer == widths.length - 1 ? 1e-4 : 2);
      from += in * out;
      assertThat(Arrays.copyOfRange(flat, from, from + out)).as("biases").containsOnly(0f);
      from += out;
    }
  }

  /** Of {@code W^T W}, or {@code W W^T} where rows are fewer, the diagonal is the squared gain. */
  private static void checkOrthogonal(float[] flat, int from, int in, int out, double square) {
    int vectors = Math.min(in, out);
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(in, out); i++) {
          int atA = in >= out ? i * out + a : a * out + i;
          int atB = in >= out ? i * out + b : b * out + i;
          dot += (double) flat[from + atA] * flat[from + atB];
        }
        assertThat(dot)
            .as("%d×%d, vectors %d and %d", in, out, a, b)
            .isCloseTo(a == b ? square : 0, Offset.offset(1e-6 * square));
      }
    }
  }

  @Test
  void orthogonalWeightsPointEverywhere() {
    float[] flat = draw(Initialization.orthogonal(1, 1));
    double sum = 0;
    double fourth = 0;
    for (int i = 0; i < IN * HIDDEN; i++) {
      sum += flat[i];
      fourth += Math.pow(flat[i], 4);
    }
    assertThat(sum / (IN * HIDDEN)).isCloseTo(0, Offset.offset(0.002));
    assertThat(fourth / (IN * HIDDEN) * HIDDEN * HIDDEN)
        .as("kurtosis of a Gaussian, nearly")
        .isCloseTo(3, Offset.offset(0.2));
  }

  @Test
  void orthogonalRefusesGainsThatAreNotPositive() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Initialization.orthogonal(1, wrong))
          .hasMessage(
              "orthogonal gains hidden=1.0, last=%s: must be positive numbers; a layer of zeros"
                  + " would never learn",
              wrong);
    }
  }

  @Test
  void theDeviationsOfAGaussianBeginAtOne() {
    NetworkSpec spec = new NetworkSpec(2, List.of(), Head.GAUSSIAN, 6);
    for (Initialization initialization :
        List.of(Initialization.FAN_IN, Initialization.orthogonal(1, 1))) {
      float[] flat = initialization.parameters(spec, new SeededRandom(1));
      assertThat(Arrays.copyOfRange(flat, 9, 12)).as("log deviations").containsOnly(0f);
      assertThat(Arrays.copyOfRange(flat, 0, 6)).doesNotContain(0f);
    }
  }

  @Test
  void theSeedDecides() {
    for (Initialization initialization :
        List.of(Initialization.HE, Initialization.orthogonal(1, 1))) {
      assertThat(draw(initialization)).isEqualTo(draw(initialization));
      assertThat(initialization.parameters(SPEC, new SeededRandom(1)))
          .isNotEqualTo(initialization.parameters(SPEC, new SeededRandom(2)));
    }
  }

  private static float[] draw(Initialization initialization) {
    return initialization.parameters(SPEC, new SeededRandom(11));
  }

  /** Within the bound, near it at both ends, and with the standard deviation bound / sqrt(3). */
  private static void checkUniform(float[] flat, int from, int count, double bound) {
    double least = Double.MAX_VALUE;
    double most = -Double.MAX_VALUE;
    double squares = 0;
    for (int i = from; i < from + count; i++) {
      least = Math.min(least, flat[i]);
      most = Math.max(most, flat[i]);
      squares += flat[i] * flat[i];
    }
    assertThat(most).isBetween(0.95 * bound, bound * 1.0001);
    assertThat(least).isBetween(-bound * 1.0001, -0.95 * bound);
    assertThat(Math.sqrt(squares / count))
        .isCloseTo(bound / Math.sqrt(3), Offset.offset(0.1 * bound + 1e-9));
  }
}
