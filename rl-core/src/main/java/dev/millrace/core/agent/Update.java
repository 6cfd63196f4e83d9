package dev.millrace.core.agent;

/**
 * What one update did.
 *
 * @param applied false if the loss or a gradient was not finite, and nothing was changed
 * @param loss the batch's loss before the update
 * @param gradientNorm the global norm before clipping
 * @param meanValue mean of the values predicted for what was sampled
 * @param priorities {@code float[B]}, absolute TD errors; null when not applied
 */
public record Update(
    boolean applied, double loss, double gradientNorm, double meanValue, float[] priorities) {

  /** An update that was dropped because something was not finite. */
  public static Update dropped(double loss, double gradientNorm) {
    return new Update(false, loss, gradientNorm, Double.NaN, null);
  }
}
