package dev.millrace.learner.network;

import org.nd4j.linalg.factory.Nd4j;

/** The GPUs that ND4J sees. */
public final class Cuda {
  private Cuda() {}

  /**
   * Has what the calling thread makes from now on lie on a GPU.
   *
   * @param index CUDA's number for it, from 0
   * @throws NoBackendException if ND4J was started without CUDA, or sees no such GPU
   */
  public static void use(int index) {
    try {
      if (Nd4j.getBackend() == null || Nd4j.getBackend().getEnvironment().isCPU()) {
        throw new NoBackendException(
            "learner.device=cuda: the ND4J on this TaskManager computes on the processor; put the jars that `mvn -pl deploy/lib -Pcuda package` gathers into its lib/ and start it again, or set learner.device: cpu");
      }
      int devices = Nd4j.getAffinityManager().getNumberOfDevices();
      if (index >= devices) {
        throw new NoBackendException(
            "learner.device=cuda: Flink gave the learner GPU %d, and CUDA sees %d here; CUDA_VISIBLE_DEVICES must not hide what the GPU driver offers"
                .formatted(index, devices));
      }
      Nd4j.getAffinityManager().unsafeSetDevice(index);
    } catch (LinkageError missing) {
      throw new NoBackendException(missing);
    }
  }
}
