package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;

/** How {@link ForwardPass} multiplies one dense layer. */
interface DenseKernel {

  /** Layer widths are padded with zeros to a multiple of this many floats. */
  int lanes();

  /**
   * {@code y = activation(x W + b)}.
   *
   * @param x inputs of {@code count} rows, {@code xStride} floats apart, {@code in} of them used
   * @param parameters holds {@code W[in][width]} from {@code weights} and then {@code b[width]}
   * @param width outputs, a multiple of {@link #lanes()}
   * @param activation null for none
   * @param y filled with {@code [count × width]}
   */
  void multiply(
      float[] x,
      int xStride,
      int count,
      int in,
      float[] parameters,
      int weights,
      int width,
      Activation activation,
      float[] y);
}
