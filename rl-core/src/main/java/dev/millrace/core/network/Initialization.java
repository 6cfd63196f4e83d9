package dev.millrace.core.network;

import dev.millrace.core.math.SeededRandom;

/** How a network's dense layers begin; a head's own parameters begin at 0. */
@FunctionalInterface
public interface Initialization {

  /**
   * Weights and biases within {@code ±1 / sqrt(in)}: the default of PyTorch's {@code nn.Linear}
   * (there written as {@code kaiming_uniform_(a=sqrt(5))}), and hence of Stable-Baselines3's DQN.
   * The one to take when results are compared with theirs. LeCun et al. 1998, "Efficient BackProp",
   * section 4.6, scaled to a variance of {@code 1 / (3 in)}.
   */
  Initialization FAN_IN =
      new UniformInitialization((in, out) -> 1 / Math.sqrt(in), (in, out) -> 1 / Math.sqrt(in));

  /**
   * Weights within {@code ±sqrt(6 / in)}, biases 0: keeps the variance through layers of RELU (He
   * et al. 2015, "Delving Deep into Rectifiers", eq. 10).
   */
  Initialization HE = new UniformInitialization((in, out) -> Math.sqrt(6.0 / in), (in, out) -> 0);

  /**
   * Weights within {@code ±sqrt(6 / (in + out))}, biases 0 (Glorot and Bengio 2010, "Understanding
   * the difficulty of training deep feedforward neural networks", eq. 16): for layers of TANH.
   */
  Initialization GLOROT =
      new UniformInitialization((in, out) -> Math.sqrt(6.0 / (in + out)), (in, out) -> 0);

  /**
   * Weights that are a gain times a random matrix with orthonormal columns (rows where it has more
   * columns than rows), biases 0 (Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of
   * learning in deep linear neural networks", section 3). Implementations of PPO take {@code
   * sqrt(2)} for hidden layers, 0.01 for the last layer of a policy and 1 for that of a critic
   * (Huang et al. 2022, "The 37 Implementation Details of Proximal Policy Optimization", detail 2).
   *
   * @param hiddenGain singular values of every hidden layer's weights
   * @param lastGain those of the last layer's
   * @throws IllegalArgumentException unless both gains are positive numbers
   */
  static Initialization orthogonal(double hiddenGain, double lastGain) {
    return new OrthogonalInitialization(hiddenGain, lastGain);
  }

  /**
   * Draws one layer.
   *
   * @param last whether the layer feeds the head
   * @param flat filled from {@code from} on with {@code W[in][out]} and {@code b[out]}
   */
  void layer(int in, int out, boolean last, SeededRandom random, float[] flat, int from);

  /**
   * Initial parameters, drawn layer by layer in the order of the flat vector.
   *
   * @return {@code float[P]}, laid out as {@link NetworkSpec} says
   */
  default float[] parameters(NetworkSpec spec, SeededRandom random) {
    float[] flat = new float[spec.parameterCount()];
    int[] widths = spec.widths();
    int from = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int in = widths[layer - 1];
      int out = widths[layer];
      layer(in, out, layer == widths.length - 1, random, flat, from);
      from += (in + 1) * out;
    }
    return flat;
  }
}
