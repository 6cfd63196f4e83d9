package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lengths that are no multiple of a vector's, and whatever lies around, for both kernels. */
class ActivationsTest {
  private static final int ROOM = 48;

  static Stream<Arguments> kernelsAndActivations() {
    return Stream.<DenseKernel>of(new VectorKernel(), new LoopKernel())
        .flatMap(
            kernel -> Arrays.stream(Activation.values()).map(each -> Arguments.of(kernel, each)));
  }

  @ParameterizedTest
  @MethodSource("kernelsAndActivations")
  void activatesAsManyAsItIsToldAndNoMore(DenseKernel kernel, Activation activation) {
    for (int length : List.of(0, 1, 7, 16, 33)) {
      float[] x = NetworkContract.gaussians(new SeededRandom(length), ROOM);
      float[] y = x.clone();
      kernel.activate(activation, y, length);
      for (int i = 0; i < ROOM; i++) {
        double expected = i < length ? value(activation, x[i]) : x[i];
        assertThat((double) y[i]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernelsAndActivations")
  void multipliesTheSlopesInFromAnywhere(DenseKernel kernel, Activation activation) {
    for (int length : List.of(0, 1, 7, 16, 33)) {
      int yFrom = 5;
      int gFrom = 3;
      float[] y = NetworkContract.gaussians(new SeededRandom(1), ROOM);
      kernel.activate(activation, y, ROOM);
      float[] before = NetworkContract.gaussians(new SeededRandom(2), ROOM);
      float[] g = before.clone();
      kernel.backpropagate(activation, y, yFrom, g, gFrom, length);
      for (int i = 0; i < ROOM; i++) {
        boolean within = i >= gFrom && i < gFrom + length;
        double slope = within ? slope(activation, y[yFrom + i - gFrom]) : 1;
        assertThat((double) g[i]).isCloseTo(slope * before[i], within(1e-6));
      }
    }
  }

  private static double value(Activation activation, float x) {
    return activation == Activation.RELU ? Math.max(0, x) : Math.tanh(x);
  }

  private static double slope(Activation activation, double y) {
    return activation == Activation.RELU ? (y > 0 ? 1 : 0) : 1 - y * y;
  }
}
