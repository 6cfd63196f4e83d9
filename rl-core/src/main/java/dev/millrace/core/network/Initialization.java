package dev.millrace.core.network;

import dev.millrace.core.math.SeededRandom;

/** How a network's parameters begin: uniformly within a bound that depends on the layer's fans. */
public enum Initialization {
  /**
   * Weights and biases within {@code ±1 / sqrt(in)}: the default of PyTorch's {@code nn.Linear}
   * (there written as {@code kaiming_uniform_(a=sqrt(5))}), and hence of Stable-Baselines3's DQN.
   * The one to take when results are compared with theirs. LeCun et al. 1998, "Efficient BackProp",
   * section 4.6, scaled to a variance of {@code 1 / (3 in)}.
   */
  FAN_IN {
    @Override
    double weightBound(int in, int out) {
      return 1 / Math.sqrt(in);
    }

    @Override
    double biasBound(int in) {
      return 1 / Math.sqrt(in);
    }
  },

  /**
   * Weights within {@code ±sqrt(6 / in)}, biases 0: keeps the variance through layers of RELU (He
   * et al. 2015, "Delving Deep into Rectifiers", eq. 10).
   */
  HE {
    @Override
    double weightBound(int in, int out) {
      return Math.sqrt(6.0 / in);
    }
  },

  /**
   * Weights within {@code ±sqrt(6 / (in + out))}, biases 0 (Glorot and Bengio 2010, "Understanding
   * the difficulty of training deep feedforward neural networks", eq. 16): for layers of TANH.
   */
  GLOROT {
    @Override
    double weightBound(int in, int out) {
      return Math.sqrt(6.0 / (in + out));
    }
  };

  abstract double weightBound(int in, int out);

  double biasBound(int in) {
    return 0;
  }

  /**
   * Initial parameters, drawn layer by layer in the order of the flat vector.
   *
   * @return {@code float[P]}, laid out as {@link NetworkSpec} says
   */
  public float[] parameters(NetworkSpec spec, SeededRandom random) {
    float[] flat = new float[spec.parameterCount()];
    int[] widths = spec.widths();
    int at = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      int in = widths[layer - 1];
      int out = widths[layer];
      at = fill(flat, at, in * out, weightBound(in, out), random);
      at = fill(flat, at, out, biasBound(in), random);
    }
    return flat;
  }

  private static int fill(float[] flat, int from, int count, double bound, SeededRandom random) {
    for (int i = from; i < from + count; i++) {
      flat[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return from + count;
  }
}
