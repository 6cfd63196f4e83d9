package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
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
  void theSeedDecides() {
    assertThat(draw(Initialization.HE)).isEqualTo(draw(Initialization.HE));
    assertThat(Initialization.HE.parameters(SPEC, new SeededRandom(1)))
        .isNotEqualTo(Initialization.HE.parameters(SPEC, new SeededRandom(2)));
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
