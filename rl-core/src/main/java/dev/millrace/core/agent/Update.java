package dev.millrace.core.agent;

import java.util.List;

/**
 * What one update did.
 *
 * @param applied false if the loss or a gradient was not finite, and nothing was changed
 * @param loss the batch's loss before the update
 * @param gradientNorm the global norm before clipping
 * @param meanValue mean of the values predicted for what was learned from
 * @param priorities {@code float[B]}, absolute TD errors of a sample; null where nothing was
 *     sampled, or not applied
 * @param measures one for each of {@link Agent#measures}; empty when not applied
 */
public record Update(
    boolean applied,
    double loss,
    double gradientNorm,
    double meanValue,
    float[] priorities,
    List<Double> measures) {

  /** An update from a sample. */
  public static Update of(double loss, double gradientNorm, double meanValue, float[] priorities) {
    return new Update(true, loss, gradientNorm, meanValue, priorities, List.of());
  }

  /** An update from trajectories. */
  public static Update of(
      double loss, double gradientNorm, double meanValue, List<Double> measures) {
    return new Update(true, loss, gradientNorm, meanValue, null, measures);
  }

  /** An update that was dropped because something was not finite. */
  public static Update dropped(double loss, double gradientNorm) {
    return new Update(false, loss, gradientNorm, Double.NaN, null, List.of());
  }
}
