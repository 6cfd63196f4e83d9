package dev.millrace.core.math;

/** The Euclidean norm of a whole gradient. */
public final class GlobalNorm {
  private GlobalNorm() {}

  /** The norm, summed in double precision; not finite if any entry is not. */
  public static double of(float[] gradient) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 3 < gradient.length; i += 4) {
      sum0 += (double) gradient[i] * gradient[i];
      sum1 += (double) gradient[i + 1] * gradient[i + 1];
      sum2 += (double) gradient[i + 2] * gradient[i + 2];
      sum3 += (double) gradient[i + 3] * gradient[i + 3];
    }
    for (; i < gradient.length; i++) {
      sum0 += (double) gradient[i] * gradient[i];
    }
    return Math.sqrt(sum0 + sum1 + (sum2 + sum3));
  }

  /**
   * Scales {@code gradient} down to norm {@code maximum} if it is longer (Pascanu, Mikolov and
   * Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1). A
   * gradient that is not finite is left as it is.
   *
   * @param maximum greater than 0; infinite for never
   * @return the norm before
   */
  public static double clip(float[] gradient, double maximum) {
    if (!(maximum > 0)) {
      throw new IllegalArgumentException(
          "maximum gradient norm=%s: must be greater than 0; infinite turns clipping off"
              .formatted(maximum));
    }
    double norm = of(gradient);
    if (norm > maximum && norm < Double.POSITIVE_INFINITY) {
      float scale = (float) (maximum / norm);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= scale;
      }
    }
    return norm;
  }
}
