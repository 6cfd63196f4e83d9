package dev.millrace.learner.network;

import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import org.nd4j.linalg.factory.Nd4j;

/** Networks on ND4J, on whichever of its backends is on the class path. */
public final class Nd4jNetworks implements Networks {

  @Override
  public Network create(NetworkSpec spec, int maxCount) {
    boolean cpu = Nd4j.getBackend().getEnvironment().isCPU();
    return new Nd4jNetwork(spec, maxCount, cpu ? new OpenBlasMatrices() : new Nd4jMatrices());
  }
}
