package dev.millrace.core.math;

/**
 * Takes raw actions into a box, {@code a_i = centre_i + half_i tanh(u_i)} with {@code half_i} half
 * the box's extent (Haarnoja et al. 2018, "Soft Actor-Critic", appendix C). The density of what
 * comes out is {@code log pi(a) = log pi(u) - log |det da/du|} (eq. 20, 21 there), the determinant
 * being computed without the cancellation of {@code 1 - tanh²}.
 */
public final class TanhSquash {
  private static final double LOG_TWO = Math.log(2);
  private final float[] low;
  private final float[] high;
  private final double logHalves;

  /**
   * @param low {@code float[A]}, finite
   * @param high {@code float[A]}, finite and above {@code low}
   */
  public TanhSquash(float[] low, float[] high) {
    Shapes.require("high", high.length, low.length, "one for each dimension in low");
    if (low.length == 0) {
      throw new IllegalArgumentException("low has 0 entries: a box has at least 1 dimension");
    }
    double sum = 0;
    for (int i = 0; i < low.length; i++) {
      if (!(low[i] < high[i] && Float.isFinite(low[i]) && Float.isFinite(high[i]))) {
        throw new IllegalArgumentException(
            "low[%d]=%s, high[%d]=%s: must be finite and low below high; tanh reaches no further"
                .formatted(i, low[i], i, high[i]));
      }
      sum += Math.log(half(low[i], high[i]));
    }
    this.low = low.clone();
    this.high = high.clone();
    logHalves = sum;
  }

  private static double half(float low, float high) {
    return ((double) high - low) / 2;
  }

  /** A, how many dimensions the box has. */
  public int size() {
    return low.length;
  }

  /**
   * Writes the action within the box, bounds included; NaN for a raw action that is NaN.
   *
   * @param raw {@code float[B × A]}
   * @param actions {@code float[B × A]}, of which the row is written; may be {@code raw}
   */
  public void squash(float[] raw, int row, float[] actions) {
    int at = Shapes.row("raw", raw, row, low.length);
    Shapes.row("actions", actions, row, low.length);
    for (int i = 0; i < low.length; i++) {
      double half = half(low[i], high[i]);
      double action = low[i] + half + half * Math.tanh(raw[at + i]);
      actions[at + i] = (float) Math.max(low[i], Math.min(high[i], action));
    }
  }

  /**
   * {@code log |det da/du| = sum_i log half_i + log(1 - tanh²(u_i))}, where {@code log(1 -
   * tanh²(u)) = 2 (log 2 - |u| - log(1 + exp(-2 |u|)))}.
   *
   * @param raw {@code float[B × A]}
   */
  public double logDeterminant(float[] raw, int row) {
    int at = Shapes.row("raw", raw, row, low.length);
    double sum = logHalves;
    for (int i = at; i < at + low.length; i++) {
      double size = Math.abs(raw[i]);
      sum += 2 * (LOG_TWO - size - Math.log1p(Math.exp(-2 * size)));
    }
    return sum;
  }

  /**
   * Adds {@code scale * d log |det da/du| / d u_i = -2 scale tanh(u_i)}.
   *
   * @param raw {@code float[B × A]}
   * @param gradients {@code float[B × A]}, of which the row is added to
   */
  public void addLogDeterminantGradient(float[] raw, int row, double scale, float[] gradients) {
    int at = Shapes.row("raw", raw, row, low.length);
    Shapes.row("gradients", gradients, row, low.length);
    for (int i = at; i < at + low.length; i++) {
      gradients[i] += (float) (-2 * scale * Math.tanh(raw[i]));
    }
  }
}
