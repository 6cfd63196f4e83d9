package dev.millrace.benchmarks;

import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import dev.millrace.learner.network.Nd4jNetworks;

/**
 * The rejected design: passes that are not differentiated run in Java as the actors' do, the rest
 * on ND4J. An update takes a tenth less, but what is learned would then depend on a flag of the
 * JVM.
 *
 * <p>A learner makes its online network first and its target network second. The target network
 * runs in Java, and so does the online network's first pass after its parameters are set; its
 * second is differentiated and runs on ND4J.
 */
final class MixedNetworks implements Networks {
  private boolean online;

  @Override
  public Network create(NetworkSpec spec, int maxCount) {
    online = !online;
    return new Mixed(new Nd4jNetworks().create(spec, maxCount), online, maxCount);
  }

  private static final class Mixed implements Network {
    private final Network nd4j;
    private final ForwardPass java;
    private final boolean online;
    private boolean first;

    private Mixed(Network nd4j, boolean online, int maxCount) {
      this.nd4j = nd4j;
      this.online = online;
      java = ForwardPass.of(nd4j.spec(), maxCount);
    }

    @Override
    public NetworkSpec spec() {
      return nd4j.spec();
    }

    @Override
    public void parameters(float[] parameters) {
      java.parameters(parameters);
      nd4j.parameters(parameters);
      first = true;
    }

    @Override
    public void forward(float[] inputs, int count, float[] outputs) {
      if (first || !online) {
        java.forward(inputs, count, outputs);
      } else {
        nd4j.forward(inputs, count, outputs);
      }
      first = false;
    }

    @Override
    public void backward(float[] gradients, int count, float[] parameterGradients) {
      nd4j.backward(gradients, count, parameterGradients);
    }

    @Override
    public void close() {
      nd4j.close();
    }
  }
}
