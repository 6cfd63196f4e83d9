package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;

/**
 * What follows a layer's product, for networks that multiply elsewhere: the same as in {@link
 * ForwardPass}, and with the Vector API where that has it. {@code Math.tanh} alone takes 40 ns, ten
 * times as long as all else there is to do for a unit.
 */
public final class Activations {
  private Activations() {}

  /**
   * {@code y = activation(y)}, where it lies.
   *
   * @param length of {@code y}, from its start
   */
  public static void forward(Activation activation, float[] y, int length) {
    ForwardPass.best().activate(activation, y, length);
  }

  /**
   * From the gradient with respect to an activation's values to that with respect to what went in.
   *
   * @param y the activation's values, from {@code yFrom}
   * @param gradients changed where they lie, from {@code gradientsFrom}
   * @param length of both
   */
  public static void backward(
      Activation activation,
      float[] y,
      int yFrom,
      float[] gradients,
      int gradientsFrom,
      int length) {
    ForwardPass.best().backpropagate(activation, y, yFrom, gradients, gradientsFrom, length);
  }
}
