package dev.millrace.core.network;

import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Head;
import java.util.Arrays;

/** The same network in the plainest double arithmetic. */
final class DoubleNetwork {
  private DoubleNetwork() {}

  static double[] forward(NetworkSpec spec, float[] parameters, float[] observations, int count) {
    double[] exact = new double[parameters.length];
    for (int p = 0; p < exact.length; p++) {
      exact[p] = parameters[p];
    }
    return forward(spec, exact, observations, count);
  }

  /** Of {@code sum(outputGradients × outputs)} with respect to parameter {@code p}. */
  static double derivative(
      NetworkSpec spec,
      float[] parameters,
      float[] observations,
      float[] outputGradients,
      int count,
      int p) {
    double[] exact = new double[parameters.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = parameters[i];
    }
    double step = 1e-6;
    exact[p] = parameters[p] + step;
    double[] above = forward(spec, exact, observations, count);
    exact[p] = parameters[p] - step;
    double[] below = forward(spec, exact, observations, count);
    double sum = 0;
    for (int i = 0; i < above.length; i++) {
      sum += outputGradients[i] * (above[i] - below[i]) / (2 * step);
    }
    return sum;
  }

  private static double[] forward(
      NetworkSpec spec, double[] parameters, float[] observations, int count) {
    double[] outputs = new double[count * spec.outputs()];
    int[] widths = spec.widths();
    for (int i = 0; i < count; i++) {
      double[] x = new double[spec.inputs()];
      for (int d = 0; d < x.length; d++) {
        x[d] = observations[i * x.length + d];
      }
      int offset = 0;
      for (int l = 1; l < widths.length; l++) {
        double[] y = new double[widths[l]];
        for (int o = 0; o < y.length; o++) {
          y[o] = parameters[offset + x.length * y.length + o];
          for (int q = 0; q < x.length; q++) {
            y[o] += x[q] * parameters[offset + q * y.length + o];
          }
          if (l < widths.length - 1) {
            boolean relu = spec.hidden().get(l - 1).activation() == Activation.RELU;
            y[o] = relu ? Math.max(0, y[o]) : Math.tanh(y[o]);
          }
        }
        offset += x.length * y.length + y.length;
        x = y;
      }
      head(spec, parameters, x, outputs, i * spec.outputs());
    }
    return outputs;
  }

  private static void head(
      NetworkSpec spec, double[] parameters, double[] raw, double[] outputs, int offset) {
    if (spec.head() != Head.DUELING) {
      System.arraycopy(raw, 0, outputs, offset, raw.length);
      int free = spec.outputs() - raw.length;
      System.arraycopy(parameters, parameters.length - free, outputs, offset + raw.length, free);
      return;
    }
    double mean = Arrays.stream(raw, 1, raw.length).average().orElseThrow();
    for (int j = 0; j < spec.outputs(); j++) {
      outputs[offset + j] = raw[0] + raw[1 + j] - mean;
    }
  }
}
