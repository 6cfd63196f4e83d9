package dev.millrace.core.math;

/**
 * V-trace (Espeholt et al. 2018, "IMPALA: Scalable Distributed Deep-RL with Importance Weighted
 * Actor-Learner Architectures", section 4): values of one policy from what another one, which was
 * behind, has lived through.
 */
public final class Vtrace {
  private Vtrace() {}

  /**
   * Where importance ratios {@code pi/mu} are cut off.
   *
   * @param rho of the temporal difference, eq. 1's rho bar: it decides which policy's values come
   *     out; infinite for pi's own
   * @param policyGradientRho of the advantages; above 0
   * @param c of the trace, eq. 1's c bar: it decides how far corrections travel; at most {@code
   *     rho}, as section 4.1 assumes
   * @param lambda multiplies the trace (remark 2), between 0 and 1
   */
  public record Clipping(double rho, double policyGradientRho, double c, double lambda) {
    /** Everything at 1, as in the paper's experiments. */
    public static final Clipping ONE = new Clipping(1, 1, 1, 1);

    public Clipping {
      Shapes.requireWithin("rho clip", rho, rho > 0, "greater than 0");
      Shapes.requireWithin(
          "policy gradient rho clip", policyGradientRho, policyGradientRho > 0, "greater than 0");
      Shapes.requireWithin(
          "c clip", c, c >= 0 && c <= rho, "at least 0 and at most the rho clip, " + rho);
      Shapes.requireWithin("lambda", lambda, lambda >= 0 && lambda <= 1, "between 0 and 1");
    }
  }

  /**
   * What to learn.
   *
   * @param vs {@code float[B]}, the targets of {@code vTm1}
   * @param advantages {@code float[B]}, what multiplies the gradient of the log-probabilities; the
   *     ratio is in it
   */
  public record Targets(float[] vs, float[] advantages) {}

  /**
   * With {@code ratio_t = exp(logRhos_t)}, {@code rho_t = min(rho, ratio_t)}, {@code c_t = lambda
   * min(c, ratio_t)} and {@code x_t = vs_t - vTm1_t}, eq. 1 in the recursive form of remark 1:
   *
   * <pre>
   * x_t          = rho_t (rT + discountT vT - vTm1) + discountT c_t x_(t+1)
   * advantages_t = min(policyGradientRho, ratio_t) (rT + discountT (vT + lambda x_(t+1)) - vTm1)
   * </pre>
   *
   * with {@code x_(t+1) = 0} after the last step of a trajectory. The advantage is that of section
   * 4.2, {@code rT + discountT vs_(t+1)}, when lambda is 1; a smaller one mixes the value in, so
   * that without any ratio advantages are {@link Returns#advantages}.
   *
   * @param logRhos {@code float[B]}, {@code log pi(a) - log mu(a)}
   * @param rT {@code float[B]}
   * @param discountT {@code float[B]}; where it is 0, nothing that follows is read
   * @param vTm1 {@code float[B]}, the value of the state that each step started from
   * @param vT {@code float[B]}, the value of the state that each step led to: within a trajectory
   *     the next step's {@code vTm1}
   * @param lastT {@code boolean[B]}, true at the last step of each trajectory
   */
  public static Targets of(
      float[] logRhos,
      float[] rT,
      float[] discountT,
      float[] vTm1,
      float[] vT,
      boolean[] lastT,
      Clipping clipping) {
    Shapes.require("logRhos", logRhos.length, rT.length, "one for each step in rT");
    Shapes.require("vTm1", vTm1.length, rT.length, "one for each step in rT");
    Returns.require(rT, discountT, vT, lastT);
    float[] vs = new float[rT.length];
    float[] advantages = new float[rT.length];
    double correction = 0;
    for (int t = rT.length - 1; t >= 0; t--) {
      double next = lastT[t] ? 0 : correction;
      double ratio = Math.exp(logRhos[t]);
      double discount = discountT[t];
      boolean ends = discount == 0;
      double delta = (double) rT[t] - vTm1[t] + (ends ? 0 : discount * vT[t]);
      double later = ends ? 0 : discount * clipping.lambda * next;
      correction = Math.min(clipping.rho, ratio) * delta + Math.min(clipping.c, ratio) * later;
      vs[t] = (float) (vTm1[t] + correction);
      advantages[t] = (float) (Math.min(clipping.policyGradientRho, ratio) * (delta + later));
    }
    return new Targets(vs, advantages);
  }
}
