package dev.millrace.core.math;

/** What policy losses are given instead of raw advantages. */
public final class Advantages {
  /** Keeps what is nothing but rounding from being blown up. */
  private static final double LEAST_DEVIATION = 1e-8;

  private Advantages() {}

  /**
   * Shifts and scales {@code advantages} to mean 0 and standard deviation 1 over the batch
   * (Andrychowicz et al. 2020, "What Matters In On-Policy Reinforcement Learning?", which found it
   * to matter little). Equal ones become 0; a single one, which has no deviation, is left as it is.
   *
   * @param advantages {@code float[B]}, changed; one entry that is not finite makes all NaN
   */
  public static void normalize(float[] advantages) {
    int count = advantages.length;
    if (count < 2) {
      return;
    }
    double sum = 0;
    for (float advantage : advantages) {
      sum += advantage;
    }
    double mean = sum / count;
    double squares = 0;
    for (float advantage : advantages) {
      squares += (advantage - mean) * (advantage - mean);
    }
    double scale = 1 / (Math.sqrt(squares / count) + LEAST_DEVIATION);
    for (int i = 0; i < count; i++) {
      advantages[i] = (float) ((advantages[i] - mean) * scale);
    }
  }
}
