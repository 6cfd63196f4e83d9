package dev.millrace.core.network;

/**
 * Observations normalised by the network itself: what {@code (x - mean) / deviation} does to an
 * observation is linear, so the first layer can do it. Whoever acts with folded parameters needs no
 * statistics.
 */
public final class InputScaling {
  private InputScaling() {}

  /**
   * Parameters of the same network that answer an observation x as the given ones answer {@code (x
   * - mean) / deviation}: in the first layer {@code W'[q][j] = W[q][j] / deviation[q]} and {@code
   * b'[j] = b[j] - sum_q W'[q][j] mean[q]}; all else stays. Nothing is clipped. The answers differ
   * by rounding, the more the greater {@code |mean / deviation|}: a float holds seven digits.
   *
   * @param parameters {@code float[P]} laid out as {@link NetworkSpec} says; not changed
   * @param mean one for every input
   * @param deviation one for every input, positive
   * @return {@code float[P]}
   * @throws IllegalArgumentException if a length is wrong, or a deviation is not positive and
   *     finite
   */
  public static float[] fold(
      NetworkSpec spec, float[] parameters, double[] mean, double[] deviation) {
    check(spec, parameters, mean, deviation);
    int out = spec.widths()[1];
    float[] folded = parameters.clone();
    double[] bias = new double[out];
    for (int q = 0; q < spec.inputs(); q++) {
      for (int j = 0; j < out; j++) {
        double weight = parameters[q * out + j] / deviation[q];
        folded[q * out + j] = (float) weight;
        bias[j] -= weight * mean[q];
      }
    }
    int from = spec.inputs() * out;
    for (int j = 0; j < out; j++) {
      folded[from + j] = (float) (parameters[from + j] + bias[j]);
    }
    return folded;
  }

  private static void check(
      NetworkSpec spec, float[] parameters, double[] mean, double[] deviation) {
    spec.checkParameters(parameters);
    if (mean.length != spec.inputs() || deviation.length != spec.inputs()) {
      throw new IllegalArgumentException(
          "mean=double[%d], deviation=double[%d]: network %s has %d inputs; the statistics belong to other observations"
              .formatted(mean.length, deviation.length, spec, spec.inputs()));
    }
    for (int q = 0; q < deviation.length; q++) {
      if (!(deviation[q] > 0 && deviation[q] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "deviation[%d]=%s: must be positive and finite, or the first layer's weights would not be numbers"
                .formatted(q, deviation[q]));
      }
    }
  }
}
