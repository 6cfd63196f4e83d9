package dev.millrace.core.math;

/**
 * Returns along a sequence of {@code B} steps, which may span several episodes: {@code lastT} marks
 * the last step of each. There, and at the end of the sequence, what follows is the bootstrap value
 * {@code vT} alone; a terminal step's discount of 0 takes that away too.
 */
public final class Returns {
  private Returns() {}

  /**
   * Lambda returns, {@code G_t = rT + discountT ((1 - lambda) vT + lambda G_(t+1))} (Sutton and
   * Barto 2018, "Reinforcement Learning: An Introduction", eq. 12.18, with discounts per step).
   * Lambda 1 gives discounted returns of whole episodes, lambda 0 one-step targets.
   *
   * @param rT {@code float[B]}
   * @param discountT {@code float[B]}
   * @param vT {@code float[B]}, the value of the state that each step led to
   * @param lastT {@code boolean[B]}
   * @param lambda between 0 and 1
   * @return {@code float[B]}
   */
  public static float[] lambda(
      float[] rT, float[] discountT, float[] vT, boolean[] lastT, double lambda) {
    require(rT, discountT, vT, lastT);
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("lambda=%s: must be between 0 and 1".formatted(lambda));
    }
    float[] returns = new float[rT.length];
    double next = 0;
    for (int t = rT.length - 1; t >= 0; t--) {
      boolean bootstraps = lastT[t] || t == rT.length - 1;
      double follows = bootstraps ? vT[t] : (1 - lambda) * vT[t] + lambda * next;
      next = rT[t] + (discountT[t] == 0 ? 0 : discountT[t] * follows);
      returns[t] = (float) next;
    }
    return returns;
  }

  /**
   * Generalized advantage estimates, lambda returns less {@code vTm1} (Schulman et al. 2016,
   * "High-Dimensional Continuous Control Using Generalized Advantage Estimation", eq. 16).
   *
   * @param vTm1 {@code float[B]}, the value of the state that each step started from
   * @return {@code float[B]}
   */
  public static float[] advantages(
      float[] rT, float[] discountT, float[] vTm1, float[] vT, boolean[] lastT, double lambda) {
    float[] advantages = lambda(rT, discountT, vT, lastT, lambda);
    Shapes.require("vTm1", vTm1.length, rT.length, "one for each step in rT");
    for (int t = 0; t < advantages.length; t++) {
      advantages[t] -= vTm1[t];
    }
    return advantages;
  }

  /**
   * Returns over {@code n} steps and the value of the state they led to, or over as many as the
   * episode still has (Sutton and Barto 2018, eq. 7.1).
   *
   * @param n steps, at least 1
   * @return {@code float[B]}
   */
  public static float[] nStep(float[] rT, float[] discountT, float[] vT, boolean[] lastT, int n) {
    require(rT, discountT, vT, lastT);
    if (n < 1) {
      throw new IllegalArgumentException("n=%d steps: must be at least 1".formatted(n));
    }
    float[] returns = new float[rT.length];
    for (int t = 0; t < rT.length; t++) {
      double sum = 0;
      double discount = 1;
      int k = t;
      while (true) {
        sum += discount * rT[k];
        discount *= discountT[k];
        if (lastT[k] || k == rT.length - 1 || k == t + n - 1) {
          break;
        }
        k++;
      }
      returns[t] = (float) (discount == 0 ? sum : sum + discount * vT[k]);
    }
    return returns;
  }

  static void require(float[] rT, float[] discountT, float[] vT, boolean[] lastT) {
    Shapes.require("discountT", discountT.length, rT.length, "one for each step in rT");
    Shapes.require("vT", vT.length, rT.length, "one for each step in rT");
    Shapes.require("lastT", lastT.length, rT.length, "one for each step in rT");
  }
}
