package dev.millrace.core.network;

import dev.millrace.core.math.SeededRandom;

/**
 * Uniformly within a bound that depends on the layer's fans.
 *
 * @param weights the weights' bound
 * @param biases the biases' bound
 */
record UniformInitialization(Bound weights, Bound biases) implements Initialization {

  /** The greatest absolute value in a layer of {@code in} inputs and {@code out} outputs. */
  interface Bound {
    double of(int in, int out);
  }

  @Override
  public void layer(int in, int out, boolean last, SeededRandom random, float[] flat, int from) {
    fill(flat, from, in * out, weights.of(in, out), random);
    fill(flat, from + in * out, out, biases.of(in, out), random);
  }

  private static void fill(float[] flat, int from, int count, double bound, SeededRandom random) {
    for (int i = from; i < from + count; i++) {
      flat[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
