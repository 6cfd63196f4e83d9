package dev.millrace.learner.actorcritic;

import dev.millrace.core.network.JavaNetworks;
import dev.millrace.core.network.Network;
import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.Networks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Networks in Java that keep the sum of their gradients, and what each came of. */
final class RecordingNetworks implements Networks {
  private final Networks networks = new JavaNetworks();
  private final Map<NetworkSpec, float[]> gradients = new HashMap<>();
  private final Map<NetworkSpec, List<float[]>> batches = new HashMap<>();

  /** The sum of all gradients of the network, {@code float[P]}. */
  float[] gradient(NetworkSpec spec) {
    return gradients.get(spec);
  }

  /** The inputs of each backward pass of the network. */
  List<float[]> batches(NetworkSpec spec) {
    return batches.get(spec);
  }

  @Override
  public Network create(NetworkSpec spec, int maxCount) {
    gradients.put(spec, new float[spec.parameterCount()]);
    batches.put(spec, new ArrayList<>());
    return new Recording(networks.create(spec, maxCount));
  }

  private final class Recording implements Network {
    private final Network network;
    private float[] latest;

    Recording(Network network) {
      this.network = network;
    }

    @Override
    public NetworkSpec spec() {
      return network.spec();
    }

    @Override
    public void parameters(float[] values) {
      network.parameters(values);
    }

    @Override
    public void forward(float[] observations, int count, float[] outputs) {
      latest = Arrays.copyOf(observations, count * spec().inputs());
      network.forward(observations, count, outputs);
    }

    @Override
    public void backward(float[] outputGradients, int count, float[] parameterGradients) {
      network.backward(outputGradients, count, parameterGradients);
      batches.get(spec()).add(latest);
      float[] sum = gradients.get(spec());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += parameterGradients[i];
      }
    }

    @Override
    public void close() {
      network.close();
    }
  }
}
