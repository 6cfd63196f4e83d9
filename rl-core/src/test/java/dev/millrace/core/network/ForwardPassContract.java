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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link DenseKernel} must do, checked against sums in double precision. */
abstract class ForwardPassContract {
  private static final int[] COUNTS = {1, 2, 3, 4, 5, 6, 7, 8, 64, 65};
  private static final int CAPACITY = 65;

  abstract DenseKernel kernel();

  static List<NetworkSpec> specs() {
    Dense relu37 = new Dense(37, Activation.RELU);
    Dense tanh9 = new Dense(9, Activation.TANH);
    Dense relu128 = new Dense(128, Activation.RELU);
    return List.of(
        new NetworkSpec(4, List.of(relu128, relu128), Head.DUELING, 2),
        new NetworkSpec(6, List.of(relu37, tanh9), Head.LINEAR, 3),
        new NetworkSpec(3, List.of(tanh9, relu37), Head.DUELING, 5),
        new NetworkSpec(5, List.of(), Head.LINEAR, 1),
        new NetworkSpec(3, List.of(tanh9, relu37), Head.GAUSSIAN, 6),
        new NetworkSpec(2, List.of(), Head.GAUSSIAN, 2),
        new NetworkSpec(1, List.of(new Dense(1, Activation.TANH)), Head.DUELING, 1),
        new NetworkSpec(7, List.of(new Dense(200, Activation.TANH)), Head.LINEAR, 33));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void answersAsTheSumsDo(NetworkSpec spec) {
    SeededRandom random = SeededRandom.of(1, "forward pass");
    float[] parameters = Initialization.HE.parameters(spec, random);
    for (int free = spec.headParameters(); free > 0; free--) {
      parameters[parameters.length - free] = -free;
    }
    float[] inputs = gaussians(CAPACITY * spec.inputs(), random);
    ForwardPass pass = ForwardPass.of(spec, CAPACITY, kernel());
    pass.parameters(parameters);
    for (int count : COUNTS) {
      float[] outputs = new float[CAPACITY * spec.outputs()];
      Arrays.fill(outputs, 99);
      pass.forward(inputs, count, outputs);
      double[] expected = DoubleNetwork.forward(spec, parameters, inputs, count);
      for (int k = 0; k < expected.length; k++) {
        assertThat((double) outputs[k])
            .as("count %d, row %d, output %d", count, k / spec.outputs(), k % spec.outputs())
            .isCloseTo(expected[k], Offset.offset(1e-5 * Math.max(1, Math.abs(expected[k]))));
      }
      for (int k = count * spec.outputs(); k < outputs.length; k++) {
        assertThat(outputs[k]).as("beyond count").isEqualTo(99);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void anAnswerDoesNotDependOnTheRestOfTheBatch(NetworkSpec spec) {
    SeededRandom random = SeededRandom.of(2, "forward pass");
    ForwardPass pass = ForwardPass.of(spec, CAPACITY, kernel());
    pass.parameters(Initialization.HE.parameters(spec, random));
    float[] inputs = gaussians(CAPACITY * spec.inputs(), random);
    float[] together = new float[CAPACITY * spec.outputs()];
    pass.forward(inputs, CAPACITY, together);
    for (int i = 0; i < CAPACITY; i++) {
      float[] input = Arrays.copyOfRange(inputs, i * spec.inputs(), (i + 1) * spec.inputs());
      float[] alone = new float[spec.outputs()];
      pass.forward(input, 1, alone);
      assertThat(alone)
          .isEqualTo(Arrays.copyOfRange(together, i * spec.outputs(), (i + 1) * spec.outputs()));
    }
  }

  @Test
  void forgetsTheParametersBefore() {
    NetworkSpec spec = specs().get(1);
    ForwardPass pass = ForwardPass.of(spec, 1, kernel());
    float[] inputs = gaussians(spec.inputs(), new SeededRandom(3));
    float[] ones = new float[spec.parameterCount()];
    Arrays.fill(ones, 1);
    float[] outputs = new float[3];
    pass.forward(inputs, 1, outputs);
    assertThat(outputs).as("zero until set").containsOnly(0f);
    pass.parameters(ones);
    ones[0] = 77;
    pass.parameters(new float[ones.length]);
    pass.forward(inputs, 1, outputs);
    assertThat(outputs).containsOnly(0f);
  }

  @Test
  void anObservationThatIsNotFiniteSpoilsNoOther() {
    NetworkSpec spec = specs().get(0);
    ForwardPass pass = ForwardPass.of(spec, 4, kernel());
    pass.parameters(Initialization.HE.parameters(spec, new SeededRandom(3)));
    float[] inputs = new float[16];
    inputs[9] = Float.NaN;
    float[] outputs = new float[8];
    pass.forward(inputs, 4, outputs);
    for (int i = 0; i < 8; i++) {
      assertThat(Float.isNaN(outputs[i])).isEqualTo(i / 2 == 2);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    NetworkSpec spec = specs().get(0);
    ForwardPass pass = ForwardPass.of(spec, 2, kernel());
    assertThatThrownBy(() -> pass.parameters(new float[5]))
        .hasMessage(
            "parameters=float[5]: network 4-128-128-2 dueling has 17539; they belong to another"
                + " network");
    assertThatThrownBy(() -> pass.forward(new float[12], 3, new float[6]))
        .hasMessage(
            "count=3 observations: this pass has room for 2; make it with a greater capacity");
    assertThatThrownBy(() -> ForwardPass.of(spec, 0, kernel()))
        .hasMessage("forward pass capacity=0: must be at least 1 observation");
  }

  private static float[] gaussians(int count, SeededRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
