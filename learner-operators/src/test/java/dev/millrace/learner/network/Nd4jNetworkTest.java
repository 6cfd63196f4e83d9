package dev.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.Initialization;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of a network, held by both ways to multiply, against double arithmetic. */
class Nd4jNetworkTest {
  private static final int MAX_COUNT = 7;

  static Stream<Arguments> networks() {
    List<NetworkSpec> specs =
        List.of(
            new NetworkSpec(4, hidden(Activation.RELU, 16, 9), Head.DUELING, 2),
            new NetworkSpec(3, hidden(Activation.TANH, 8, 8), Head.LINEAR, 4),
            new NetworkSpec(5, hidden(Activation.TANH, 6), Head.DUELING, 3),
            new NetworkSpec(4, hidden(Activation.TANH, 8, 5), Head.GAUSSIAN, 6),
            new NetworkSpec(3, List.of(), Head.GAUSSIAN, 2),
            new NetworkSpec(2, List.of(), Head.LINEAR, 1));
    return specs.stream()
        .flatMap(
            spec ->
                Stream.of(new OpenBlasMatrices(), new Nd4jMatrices())
                    .map(matrices -> Arguments.of(spec, matrices)));
  }

  private static List<Dense> hidden(Activation activation, int... units) {
    return java.util.Arrays.stream(units).mapToObj(n -> new Dense(n, activation)).toList();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void answersLikeDoubleArithmeticForEveryCount(NetworkSpec spec, Matrices matrices) {
    SeededRandom random = new SeededRandom(1);
    float[] parameters = gaussian(random, spec.parameterCount());
    try (Network network = new Nd4jNetwork(spec, MAX_COUNT, matrices)) {
      network.parameters(parameters);
      for (int count : new int[] {MAX_COUNT, 1, 3, MAX_COUNT}) {
        float[] observations = gaussian(random, count * spec.inputs());
        float[] outputs = new float[count * spec.outputs()];
        network.forward(observations, count, outputs);
        double[] expected = DoubleNetwork.forward(spec, parameters, observations, count);
        for (int i = 0; i < outputs.length; i++) {
          assertThat((double) outputs[i]).isCloseTo(expected[i], within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void answersLikeThePolicysForwardPass(NetworkSpec spec, Matrices matrices) {
    SeededRandom random = new SeededRandom(3);
    float[] parameters = Initialization.FAN_IN.parameters(spec, random);
    float[] observations = gaussian(random, MAX_COUNT * spec.inputs());
    float[] outputs = new float[MAX_COUNT * spec.outputs()];
    float[] acting = new float[outputs.length];
    ForwardPass pass = ForwardPass.of(spec, MAX_COUNT);
    pass.parameters(parameters);
    pass.forward(observations, MAX_COUNT, acting);
    try (Network network = new Nd4jNetwork(spec, MAX_COUNT, matrices)) {
      network.parameters(parameters);
      network.forward(observations, MAX_COUNT, outputs);
    }
    for (int i = 0; i < outputs.length; i++) {
      assertThat(outputs[i]).isCloseTo(acting[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientIsTheFiniteDifferenceOfTheLoss(NetworkSpec spec, Matrices matrices) {
    SeededRandom random = new SeededRandom(2);
    float[] parameters = gaussian(random, spec.parameterCount());
    int count = 3;
    float[] observations = gaussian(random, count * spec.inputs());
    float[] outputGradients = gaussian(random, count * spec.outputs());
    float[] gradient = new float[spec.parameterCount()];
    try (Network network = new Nd4jNetwork(spec, MAX_COUNT, matrices)) {
      network.parameters(parameters);
      network.forward(
          gaussian(random, MAX_COUNT * spec.inputs()),
          MAX_COUNT,
          new float[MAX_COUNT * spec.outputs()]);
      network.forward(observations, count, new float[count * spec.outputs()]);
      network.backward(outputGradients, count, gradient);
    }
    for (int p = 0; p < gradient.length; p++) {
      double expected =
          DoubleNetwork.derivative(spec, parameters, observations, outputGradients, count, p);
      assertThat((double) gradient[p]).as("parameter %d", p).isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void saysWhatCountItWasMadeFor() {
    NetworkSpec spec = new NetworkSpec(2, List.of(), Head.LINEAR, 1);
    try (Network network = new Nd4jNetworks().create(spec, 4)) {
      assertThatThrownBy(() -> network.forward(new float[10], 5, new float[5]))
          .hasMessage("count=5: network 2-1 was made for 1 to 4");
      network.forward(new float[4], 2, new float[2]);
      assertThatThrownBy(() -> network.backward(new float[3], 3, new float[3]))
          .hasMessage("count=3: the latest forward pass of network 2-1 had 2");
      assertThatThrownBy(() -> network.parameters(new float[4]))
          .hasMessage("parameters=4: network 2-1 needs 3");
    }
  }

  static float[] gaussian(SeededRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() * 0.5f;
    }
    return values;
  }
}
