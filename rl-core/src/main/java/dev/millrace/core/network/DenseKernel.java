package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;

/** How {@link ForwardPass} multiplies one dense layer, and {@link JavaNetwork} its gradients. */
interface DenseKernel {

  /** Layer widths are padded with zeros to a multiple of this many floats. */
  int lanes();

  /**
   * {@code y = activation(x W + b)}.
   *
   * @param x {@code count} rows of {@code in} inputs
   * @param xStride floats from one row to the next
   * @param xStep floats from one input of a row to the next: 1, or with {@code xStride} 1 the width
   *     of a matrix that is read transposed
   * @param parameters holds {@code W[in][width]} from {@code weights} and then {@code b[width]}
   * @param width outputs, a multiple of {@link #lanes()}
   * @param activation null for none
   * @param y filled with {@code [count × width]}
   */
  void multiply(
      float[] x,
      int xStride,
      int xStep,
      int count,
      int in,
      float[] parameters,
      int weights,
      int width,
      Activation activation,
      float[] y);

  /**
   * {@code y = activation(y)}, where it lies.
   *
   * @param length any
   */
  void activate(Activation activation, float[] y, int length);

  /**
   * {@code g = g activation'}: from the gradient with respect to an activation's values to that
   * with respect to what went in.
   *
   * @param y the activation's values, from {@code yFrom}
   * @param g changed where it lies, from {@code gFrom}
   * @param length of both, any
   */
  void backpropagate(Activation activation, float[] y, int yFrom, float[] g, int gFrom, int length);
}
