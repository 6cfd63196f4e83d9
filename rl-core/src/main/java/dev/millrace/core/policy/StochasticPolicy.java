package dev.millrace.core.policy;

import dev.millrace.core.math.Distribution;
import dev.millrace.core.network.ForwardPass;
import dev.millrace.core.network.NetworkSpec;
import java.util.Arrays;

/**
 * Draws actions from a distribution whose parameters a network answers an observation with; takes
 * the distribution's mode where it only exploits.
 *
 * <p>Annotates every decision with {@code [raw action, log-probability]}: the raw action is what
 * was drawn, before an {@link ActionMap} brought it into the environment's action space.
 */
public final class StochasticPolicy implements Policy {
  private final NetworkSpec network;
  private final Distribution distribution;
  private final ActionMap map;
  private final CorrelatedNoise noise;
  private final int actionSize;
  private ForwardPass forward;
  private float[] parameters;
  private float[] outputs = new float[0];
  private float[] raw = new float[0];

  /**
   * @param network answers an observation with the distribution's parameters
   * @param map brings what was drawn into the action space
   * @param noise what is drawn from instead of independent noise; null for independent draws
   * @throws IllegalArgumentException if the network's outputs are not the distribution's parameters
   */
  public StochasticPolicy(
      NetworkSpec network, Distribution distribution, ActionMap map, CorrelatedNoise noise) {
    if (network.outputs() != distribution.parameters()) {
      throw new IllegalArgumentException(
          "policy over network %s: a %s has %d parameters; the network must answer with as many"
              .formatted(network, distribution, distribution.parameters()));
    }
    this.network = network;
    this.distribution = distribution;
    this.map = map;
    this.noise = noise;
    actionSize = distribution.actionSize();
  }

  @Override
  public int annotationSize() {
    return actionSize + 1;
  }

  @Override
  public int memorySize() {
    return noise == null ? 0 : noise.memorySize();
  }

  /** As {@link Policy#install}; what follows the network's own parameters is not the policy's. */
  @Override
  public void install(float[] parameters) {
    float[] own =
        parameters.length > network.parameterCount()
            ? Arrays.copyOf(parameters, network.parameterCount())
            : parameters;
    if (forward == null) {
      forward = ForwardPass.of(network, 1);
    }
    forward.parameters(own);
    this.parameters = own;
  }

  @Override
  public void act(ActingBatch batch) {
    makeRoom(batch.capacity);
    forward.forward(batch.observations, batch.count, outputs);
    for (int row = 0; row < batch.count; row++) {
      if (batch.greedy) {
        distribution.mode(outputs, row, raw);
      } else if (noise == null) {
        distribution.sample(outputs, row, batch.randoms[row], raw);
      } else {
        noise.sample(outputs, row, batch.randoms[row], batch.memory, raw);
      }
      annotate(batch, row);
      map.apply(raw, row, batch.actions);
    }
  }

  private void annotate(ActingBatch batch, int row) {
    int to = row * (actionSize + 1);
    System.arraycopy(raw, row * actionSize, batch.annotations, to, actionSize);
    batch.annotations[to + actionSize] = (float) distribution.logProbability(outputs, row, raw);
  }

  private void makeRoom(int capacity) {
    if (parameters == null) {
      throw new IllegalStateException(
          "policy over network %s has no parameters: install some before it acts"
              .formatted(network));
    }
    if (raw.length < capacity * actionSize) {
      outputs = new float[capacity * network.outputs()];
      raw = new float[capacity * actionSize];
      forward = ForwardPass.of(network, capacity);
      forward.parameters(parameters);
    }
  }
}
