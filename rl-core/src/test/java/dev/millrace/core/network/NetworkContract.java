package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Network} must do, checked against double arithmetic. */
public abstract class NetworkContract {
  public static final int MAX_COUNT = 9;

  /** The subject, with zeros for parameters. */
  protected abstract Network create(NetworkSpec spec, int maxCount);

  /** Every head, both activations, widths on both sides of a vector's length. */
  public static List<NetworkSpec> specs() {
    return List.of(
        new NetworkSpec(4, hidden(Activation.RELU, 16, 9), Head.DUELING, 2),
        new NetworkSpec(3, hidden(Activation.TANH, 8, 8), Head.LINEAR, 4),
        new NetworkSpec(5, hidden(Activation.TANH, 6), Head.DUELING, 3),
        new NetworkSpec(4, hidden(Activation.TANH, 8, 5), Head.GAUSSIAN, 6),
        new NetworkSpec(6, hidden(Activation.RELU, 33, 40), Head.GAUSSIAN, 2),
        new NetworkSpec(3, hidden(Activation.RELU, 5), Head.LINEAR, 17),
        new NetworkSpec(3, List.of(), Head.GAUSSIAN, 2),
        new NetworkSpec(2, List.of(), Head.LINEAR, 1));
  }

  private static List<Dense> hidden(Activation activation, int... units) {
    return Arrays.stream(units).mapToObj(n -> new Dense(n, activation)).toList();
  }

  @ParameterizedTest
  @MethodSource("specs")
  public void answersLikeDoubleArithmeticForEveryCount(NetworkSpec spec) {
    SeededRandom random = new SeededRandom(1);
    float[] parameters = gaussians(random, spec.parameterCount());
    try (Network network = create(spec, MAX_COUNT)) {
      network.parameters(parameters);
      for (int count : new int[] {MAX_COUNT, 1, 3, MAX_COUNT}) {
        float[] observations = gaussians(random, count * spec.inputs());
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
  @MethodSource("specs")
  public void answersLikeThePolicysForwardPass(NetworkSpec spec) {
    SeededRandom random = new SeededRandom(3);
    float[] parameters = gaussians(random, spec.parameterCount());
    float[] observations = gaussians(random, MAX_COUNT * spec.inputs());
    float[] outputs = new float[MAX_COUNT * spec.outputs()];
    float[] acting = new float[outputs.length];
    ForwardPass pass = ForwardPass.of(spec, MAX_COUNT);
    pass.parameters(parameters);
    pass.forward(observations, MAX_COUNT, acting);
    try (Network network = create(spec, MAX_COUNT)) {
      network.parameters(parameters);
      network.forward(observations, MAX_COUNT, outputs);
    }
    for (int i = 0; i < outputs.length; i++) {
      assertThat(outputs[i]).isCloseTo(acting[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  public void gradientIsTheFiniteDifferenceOfTheLoss(NetworkSpec spec) {
    SeededRandom random = new SeededRandom(2);
    try (Network network = create(spec, MAX_COUNT)) {
      for (int count : new int[] {MAX_COUNT, 1, 6}) {
        float[] parameters = gaussians(random, spec.parameterCount());
        float[] observations = gaussians(random, count * spec.inputs());
        float[] outputGradients = gaussians(random, count * spec.outputs());
        float[] gradient = gradient(network, parameters, observations, outputGradients, count);
        for (int p = 0; p < gradient.length; p++) {
          double expected =
              DoubleNetwork.derivative(spec, parameters, observations, outputGradients, count, p);
          assertThat((double) gradient[p])
              .as("count %d, parameter %d", count, p)
              .isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  /** The gradient, into an array of which every entry must be filled. */
  public static float[] gradient(
      Network network,
      float[] parameters,
      float[] observations,
      float[] outputGradients,
      int count) {
    float[] gradient = new float[parameters.length];
    Arrays.fill(gradient, Float.NaN);
    network.parameters(parameters);
    network.forward(observations, count, new float[count * network.spec().outputs()]);
    network.backward(outputGradients, count, gradient);
    return gradient;
  }

  @Test
  public void keepsWhatBackwardNeedsEvenIfTheCallerWritesOverIt() {
    NetworkSpec spec = specs().get(0);
    SeededRandom random = new SeededRandom(4);
    float[] parameters = gaussians(random, spec.parameterCount());
    float[] observations = gaussians(random, 2 * spec.inputs());
    float[] outputGradients = gaussians(random, 2 * spec.outputs());
    try (Network network = create(spec, MAX_COUNT)) {
      float[] expected = gradient(network, parameters, observations, outputGradients, 2);
      float[] overwritten = parameters.clone();
      float[] outputs = new float[2 * spec.outputs()];
      network.parameters(overwritten);
      network.forward(observations, 2, outputs);
      Arrays.fill(overwritten, 7);
      Arrays.fill(observations, 7);
      Arrays.fill(outputs, 7);
      float[] gradient = new float[spec.parameterCount()];
      network.backward(outputGradients, 2, gradient);
      assertThat(gradient).isEqualTo(expected);
      network.backward(outputGradients, 2, gradient);
      assertThat(gradient).as("a second time").isEqualTo(expected);
    }
  }

  @Test
  public void saysWhatItWasMadeFor() {
    NetworkSpec spec = new NetworkSpec(2, List.of(), Head.LINEAR, 1);
    try (Network network = create(spec, 4)) {
      assertThatThrownBy(() -> network.forward(new float[10], 5, new float[5]))
          .hasMessage("count=5: network 2-1 was made for 1 to 4");
      network.forward(new float[4], 2, new float[2]);
      assertThatThrownBy(() -> network.backward(new float[3], 3, new float[3]))
          .hasMessage("count=3: the latest forward pass of network 2-1 had 2");
      assertThatThrownBy(() -> network.parameters(new float[4]))
          .hasMessage("parameters=float[4]: network 2-1 has 3; they belong to another network");
    }
  }

  /** Fails unless no entry differs by more than a hundred-thousandth of the largest. */
  public static void assertAgree(float[] actual, float[] expected) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("entry %d", i)
          .isCloseTo(expected[i], within(1e-5 * largest));
    }
  }

  /** Numbers with a standard deviation of a half. */
  public static float[] gaussians(SeededRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() * 0.5f;
    }
    return values;
  }
}
