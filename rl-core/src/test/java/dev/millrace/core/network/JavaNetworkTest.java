package dev.millrace.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JavaNetworkTest {
  private static final NetworkSpec WIDE =
      new NetworkSpec(
          4,
          List.of(new Dense(128, Activation.RELU), new Dense(100, Activation.TANH)),
          Head.DUELING,
          2);
  private static final int COUNT = 67;

  private final SeededRandom random = new SeededRandom(5);
  private final float[] parameters = Initialization.HE.parameters(WIDE, random);
  private final float[] observations = NetworkContract.gaussians(random, COUNT * 4);
  private final float[] outputGradients = NetworkContract.gaussians(random, COUNT * 2);

  @Nested
  class WithVectors extends NetworkContract {
    @Override
    protected Network create(NetworkSpec spec, int maxCount) {
      return network(spec, maxCount, new VectorKernel());
    }
  }

  @Nested
  class InLoops extends NetworkContract {
    @Override
    protected Network create(NetworkSpec spec, int maxCount) {
      return network(spec, maxCount, new LoopKernel());
    }
  }

  @Test
  void vectorsAndLoopsAgree() {
    float[] gradient = wide(network(WIDE, COUNT, new VectorKernel()));
    NetworkContract.assertAgree(gradient, wide(network(WIDE, COUNT, new LoopKernel())));
  }

  @Test
  void aGradientIsTheSameToTheBitWhateverWasComputedBefore() {
    Network network = new JavaNetworks().create(WIDE, 100);
    float[] others = NetworkContract.gaussians(random, WIDE.parameterCount());
    NetworkContract.gradient(network, others, new float[400], new float[200], 100);
    assertThat(wide(network)).isEqualTo(wide(new JavaNetworks().create(WIDE, COUNT)));
  }

  private float[] wide(Network network) {
    return NetworkContract.gradient(network, parameters, observations, outputGradients, COUNT);
  }

  private static Network network(NetworkSpec spec, int maxCount, DenseKernel kernel) {
    return new JavaNetwork(ForwardPass.of(spec, maxCount, kernel));
  }
}
