package dev.millrace.core.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ImportanceWeightsTest {

  @Test
  void isThePapersFormula() {
    double[] probabilities = {0.5, 0.02, 1e-7, 1};
    for (double beta : new double[] {0.4, 0.7, 1}) {
      double population = 1e6;
      double most = Math.pow(population * 1e-7, -beta);
      float[] weights = ImportanceWeights.of(probabilities, beta);
      for (int i = 0; i < 4; i++) {
        double expected = Math.pow(population * probabilities[i], -beta) / most;
        assertThat((double) weights[i]).isCloseTo(expected, Offset.offset(1e-7 + 1e-6 * expected));
      }
    }
  }

  @Test
  void fullCorrectionIsInverse() {
    assertThat(ImportanceWeights.of(new double[] {0.25, 0.5, 0.125}, 1))
        .containsExactly(0.5f, 0.25f, 1);
  }

  @Test
  void noCorrectionIsOne() {
    assertThat(ImportanceWeights.of(new double[] {0.25, 0.5, 1e-12}, 0)).containsExactly(1, 1, 1);
  }

  @Test
  void refusesWhatCannotHaveBeenDrawn() {
    assertThatThrownBy(() -> ImportanceWeights.of(new double[] {0.5, 0}, 0.4))
        .hasMessage(
            "probabilities[1]=0.0: must be above 0 and at most 1; what was drawn cannot be impossible");
    assertThatThrownBy(() -> ImportanceWeights.of(new double[] {Double.NaN}, 0.4))
        .hasMessageStartingWith("probabilities[0]=NaN: must be above 0");
    assertThatThrownBy(() -> ImportanceWeights.of(new double[] {1.5}, 0.4))
        .hasMessageStartingWith("probabilities[0]=1.5: must be above 0");
    assertThatThrownBy(() -> ImportanceWeights.of(new double[] {1}, 1.1))
        .hasMessage("beta=1.1: must be between 0 and 1");
  }
}
