package dev.millrace.learner.network;

import dev.millrace.core.math.SeededRandom;
import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkContract;
import dev.millrace.core.network.NetworkSpec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Nd4jNetworkTest {

  @Nested
  class OnOpenBlas extends NetworkContract {
    @Override
    protected Network create(NetworkSpec spec, int maxCount) {
      return new Nd4jNetwork(spec, maxCount, new OpenBlasMatrices());
    }
  }

  @Nested
  class OnAnyBackend extends NetworkContract {
    @Override
    protected Network create(NetworkSpec spec, int maxCount) {
      return new Nd4jNetwork(spec, maxCount, new Nd4jMatrices());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.millrace.core.network.NetworkContract#specs")
  void nd4jAndJavaAgree(NetworkSpec spec) {
    int count = NetworkContract.MAX_COUNT;
    SeededRandom random = new SeededRandom(6);
    float[] parameters = NetworkContract.gaussians(random, spec.parameterCount());
    float[] observations = NetworkContract.gaussians(random, count * spec.inputs());
    float[] outputGradients = NetworkContract.gaussians(random, count * spec.outputs());
    try (Network nd4j = new Nd4jNetworks().create(spec, count);
        Network java = new JavaNetworks().create(spec, count)) {
      NetworkContract.assertAgree(
          NetworkContract.gradient(nd4j, parameters, observations, outputGradients, count),
          NetworkContract.gradient(java, parameters, observations, outputGradients, count));
    }
  }
}
