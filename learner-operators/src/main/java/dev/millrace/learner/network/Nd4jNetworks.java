package dev.millrace.learner.network;

import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * Networks on ND4J, on whichever of its backends is on the class path. Where there is none this
 * class can still be made, for learners that need no network.
 */
public final class Nd4jNetworks implements Networks {

  /**
   * A network as {@link Networks#create} says.
   *
   * @throws NoBackendException if ND4J or its native code is missing
   */
  @Override
  public Network create(NetworkSpec spec, int maxCount) {
    try {
      Nd4jBackend backend = Nd4j.getBackend();
      if (backend == null) {
        throw new NoBackendException(new ClassNotFoundException(Nd4jBackend.class.getName()));
      }
      boolean cpu = backend.getEnvironment().isCPU();
      return new Nd4jNetwork(spec, maxCount, cpu ? new OpenBlasMatrices() : new Nd4jMatrices());
    } catch (LinkageError missing) {
      throw new NoBackendException(missing);
    }
  }
}
