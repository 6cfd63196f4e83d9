package dev.millrace.core.math;

/** Corrections for transitions that were not sampled uniformly. */
public final class ImportanceWeights {
  private ImportanceWeights() {}

  /**
   * {@code w_i = (N P(i))^-beta / max_j (N P(j))^-beta}, the maximum taken over the batch (Schaul
   * et al. 2016, "Prioritized Experience Replay", section 3.4). The population N cancels, so it is
   * not asked for.
   *
   * @param probabilities {@code double[B]}, with which each item was drawn
   * @param beta 0 for no correction, 1 for a full one
   * @return {@code float[B]}, within (0, 1]
   */
  public static float[] of(double[] probabilities, double beta) {
    if (!(beta >= 0 && beta <= 1)) {
      throw new IllegalArgumentException("beta=%s: must be between 0 and 1".formatted(beta));
    }
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < probabilities.length; i++) {
      if (!(probabilities[i] > 0 && probabilities[i] <= 1 + 1e-9)) {
        throw new IllegalArgumentException(
            "probabilities[%d]=%s: must be above 0 and at most 1; what was drawn cannot be impossible"
                .formatted(i, probabilities[i]));
      }
      least = Math.min(least, probabilities[i]);
    }
    float[] weights = new float[probabilities.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.pow(least / probabilities[i], beta);
    }
    return weights;
  }
}
