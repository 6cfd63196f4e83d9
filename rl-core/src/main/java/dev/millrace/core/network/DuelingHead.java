package dev.millrace.core.network;

/**
 * The dueling head: raw outputs {@code [V, A_0 … A_(n-1)]} become {@code Q_j = V + A_j - mean(A)}
 * (Wang et al. 2016, "Dueling Network Architectures for Deep Reinforcement Learning", eq. 9).
 */
final class DuelingHead {
  private DuelingHead() {}

  /**
   * Values from raw outputs.
   *
   * @param raw {@code count} rows of {@code outputs + 1}, {@code rawStride} floats apart
   * @param q filled with {@code [count × outputs]}
   */
  static void aggregate(float[] raw, int rawStride, int count, int outputs, float[] q) {
    for (int i = 0; i < count; i++) {
      int from = i * rawStride;
      int to = i * outputs;
      float sum = 0;
      for (int j = 1; j <= outputs; j++) {
        sum += raw[from + j];
      }
      float offset = raw[from] - sum / outputs;
      for (int j = 0; j < outputs; j++) {
        q[to + j] = raw[from + 1 + j] + offset;
      }
    }
  }

  /**
   * The gradient with respect to the raw outputs, given that with respect to the values: {@code
   * dL/dV = sum_j dL/dQ_j} and {@code dL/dA_k = dL/dQ_k - mean_j dL/dQ_j}.
   *
   * @param qGradients {@code float[count × outputs]} or longer
   * @param rawGradients {@code count} rows, {@code rawStride} floats apart, whose first {@code
   *     outputs + 1} are filled
   */
  static void backpropagate(
      float[] qGradients, int count, int outputs, float[] rawGradients, int rawStride) {
    for (int i = 0; i < count; i++) {
      int from = i * outputs;
      int to = i * rawStride;
      float sum = 0;
      for (int j = 0; j < outputs; j++) {
        sum += qGradients[from + j];
      }
      rawGradients[to] = sum;
      float mean = sum / outputs;
      for (int j = 0; j < outputs; j++) {
        rawGradients[to + 1 + j] = qGradients[from + j] - mean;
      }
    }
  }
}
