package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkSpecTest {
  private static final List<Dense> HIDDEN = List.of(new Dense(5, Activation.TANH));

  @Test
  void countsTheParametersOfEveryHead() {
    assertThat(new NetworkSpec(3, HIDDEN, Head.LINEAR, 2).parameterCount()).isEqualTo(20 + 12);
    assertThat(new NetworkSpec(3, HIDDEN, Head.DUELING, 2).parameterCount()).isEqualTo(20 + 18);
    assertThat(new NetworkSpec(3, HIDDEN, Head.GAUSSIAN, 2).parameterCount()).isEqualTo(20 + 6 + 1);
  }

  @Test
  void theLastLayerOfAGaussianAnswersWithTheMeans() {
    NetworkSpec spec = new NetworkSpec(3, HIDDEN, Head.GAUSSIAN, 4);
    assertThat(spec.widths()).containsExactly(3, 5, 2);
    assertThat(spec.headParameters()).isEqualTo(2);
    assertThat(spec).hasToString("3-5t-4 gaussian");
  }

  @Test
  void refusesAGaussianWithoutADeviationForEveryMean() {
    assertThatThrownBy(() -> new NetworkSpec(3, HIDDEN, Head.GAUSSIAN, 3))
        .hasMessage(
            "network outputs=3: must be even with a Gaussian head, which answers with a mean and a log standard deviation for every action");
  }
}
