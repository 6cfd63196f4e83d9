package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputScalingTest {
  private static final double[] MEAN = {3, -0.25, 100};
  private static final double[] DEVIATION = {0.5, 2, 30};

  static List<NetworkSpec> specs() {
    Dense hidden = new Dense(10, Activation.TANH);
    return List.of(
        new NetworkSpec(3, List.of(hidden, hidden), Head.LINEAR, 2),
        new NetworkSpec(3, List.of(hidden), Head.GAUSSIAN, 4),
        new NetworkSpec(3, List.of(), Head.GAUSSIAN, 4),
        new NetworkSpec(3, List.of(), Head.DUELING, 2));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void foldedParametersAnswerRawObservations(NetworkSpec spec) {
    SeededRandom random = new SeededRandom(8);
    float[] parameters = NetworkContract.gaussians(random, spec.parameterCount());
    float[] before = parameters.clone();
    float[] normalised = NetworkContract.gaussians(random, 5 * 3);
    float[] raw = new float[normalised.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) (normalised[i] * DEVIATION[i % 3] + MEAN[i % 3]);
    }
    float[] folded = InputScaling.fold(spec, parameters, MEAN, DEVIATION);
    float[] expected = answers(spec, parameters, normalised);
    float[] actual = answers(spec, folded, raw);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("output %d", i).isCloseTo(expected[i], within(1e-5f));
    }
    assertThat(parameters).as("the original").isEqualTo(before);
  }

  private static float[] answers(NetworkSpec spec, float[] parameters, float[] observations) {
    float[] outputs = new float[5 * spec.outputs()];
    ForwardPass pass = ForwardPass.of(spec, 5);
    pass.parameters(parameters);
    pass.forward(observations, 5, outputs);
    return outputs;
  }

  @Test
  void refusesStatisticsThatDoNotFit() {
    NetworkSpec spec = new NetworkSpec(2, List.of(), Head.LINEAR, 1);
    double[] two = {1, 1};
    assertThatThrownBy(() -> InputScaling.fold(spec, new float[4], two, two))
        .hasMessage("parameters=float[4]: network 2-1 has 3; they belong to another network");
    assertThatThrownBy(() -> InputScaling.fold(spec, new float[3], new double[3], two))
        .hasMessage(
            "mean=double[3], deviation=double[2]: network 2-1 has 2 inputs; the statistics belong"
                + " to other observations");
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> InputScaling.fold(spec, new float[3], two, new double[] {1, wrong}))
          .hasMessage(
              "deviation[1]=%s: must be positive and finite, or the first layer's weights would not"
                  + " be numbers",
              wrong);
    }
  }
}
