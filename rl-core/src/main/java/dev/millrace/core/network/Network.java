package dev.millrace.core.network;

/**
 * A network that can be differentiated: the port between algorithms and a numerical backend. The
 * parameters stay with the caller as one flat {@code float} vector, laid out as {@link NetworkSpec}
 * says. One instance is used by one thread.
 */
public interface Network extends AutoCloseable {

  NetworkSpec spec();

  /**
   * Uses these parameters from now on.
   *
   * @param parameters {@code float[P]}, copied
   */
  void parameters(float[] parameters);

  /**
   * Answers {@code count} observations and remembers what {@link #backward} needs.
   *
   * @param inputs {@code float[count × in]} or longer
   * @param outputs filled with {@code [count × out]}
   */
  void forward(float[] inputs, int count, float[] outputs);

  /**
   * The gradient of a loss with respect to the parameters, given that with respect to the outputs
   * of the latest {@link #forward}, which had the same {@code count}.
   *
   * @param outputGradients {@code float[count × out]}
   * @param parameterGradients filled with {@code float[P]}
   */
  void backward(float[] outputGradients, int count, float[] parameterGradients);

  @Override
  default void close() {}
}
