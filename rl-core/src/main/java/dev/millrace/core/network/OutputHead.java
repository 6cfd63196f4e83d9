package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Head;

/**
 * What stands between a network's last dense layer and its outputs, with the parameters that are
 * its own. Every {@link Network} and the {@link ForwardPass} end in one.
 */
public final class OutputHead {
  private final Head head;
  private final int outputs;
  private final int raw;
  private final int denseParameters;
  private final float[] own;

  /** The head of {@code spec}; its parameters are zero until set. */
  public OutputHead(NetworkSpec spec) {
    head = spec.head();
    outputs = spec.outputs();
    raw = spec.rawOutputs();
    own = new float[spec.headParameters()];
    denseParameters = spec.parameterCount() - own.length;
  }

  /**
   * Uses these parameters from now on.
   *
   * @param flat {@code float[P]}, all of the network's; those of the head are copied
   */
  public void parameters(float[] flat) {
    System.arraycopy(flat, denseParameters, own, 0, own.length);
  }

  /**
   * The network's outputs.
   *
   * @param rawOutputs what the last dense layer answered, {@code count} rows
   * @param rawStride floats from one of its rows to the next
   * @param answers filled with {@code [count × outputs]}
   */
  public void forward(float[] rawOutputs, int rawStride, int count, float[] answers) {
    if (head == Head.DUELING) {
      DuelingHead.aggregate(rawOutputs, rawStride, count, outputs, answers);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(rawOutputs, i * rawStride, answers, i * outputs, raw);
      System.arraycopy(own, 0, answers, i * outputs + raw, own.length);
    }
  }

  /**
   * The gradients with respect to the raw outputs and to the head's own parameters.
   *
   * @param outputGradients {@code float[count × outputs]} or longer
   * @param rawGradients {@code count} rows, {@code rawStride} floats apart, whose first {@code
   *     rawOutputs} are filled
   * @param parameterGradients {@code float[P]}, of which the head's end is filled
   */
  public void backward(
      float[] outputGradients,
      int count,
      float[] rawGradients,
      int rawStride,
      float[] parameterGradients) {
    if (head == Head.DUELING) {
      DuelingHead.backpropagate(outputGradients, count, outputs, rawGradients, rawStride);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(outputGradients, i * outputs, rawGradients, i * rawStride, raw);
    }
    for (int j = 0; j < own.length; j++) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += outputGradients[i * outputs + raw + j];
      }
      parameterGradients[denseParameters + j] = (float) sum;
    }
  }
}
