package dev.millrace.core.math;

/** Losses of errors, each with its gradient. */
public final class Losses {
  private Losses() {}

  /**
   * A loss.
   *
   * @param value of the whole batch
   * @param gradient {@code float[B]}, with respect to the errors
   */
  public record Loss(double value, float[] gradient) {}

  /**
   * The importance-weighted mean {@code 1/B sum_i w_i h(e_i)} of Huber's function {@code h(e) =
   * e²/2 where |e| ≤ delta, delta (|e| - delta/2) elsewhere} (Huber 1964, "Robust estimation of a
   * location parameter", section 3; the weights as in Schaul et al. 2016, algorithm 1, line 13).
   *
   * @param errors {@code float[B]}
   * @param weights {@code float[B]}, see {@link ImportanceWeights}
   * @param delta where the parabola becomes a line; infinite for half the squared error
   */
  public static Loss huber(float[] errors, float[] weights, double delta) {
    Shapes.require("weights", weights.length, errors.length, "one for each error");
    if (errors.length == 0) {
      throw new IllegalArgumentException("errors has 0 entries: a mean needs at least 1");
    }
    if (!(delta > 0)) {
      throw new IllegalArgumentException("Huber delta=%s: must be greater than 0".formatted(delta));
    }
    int count = errors.length;
    float[] gradient = new float[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double error = errors[i];
      double size = Math.abs(error);
      double weight = weights[i];
      if (size <= delta) {
        sum += weight * 0.5 * error * error;
        gradient[i] = (float) (weight * error / count);
      } else {
        sum += weight * delta * (size - 0.5 * delta);
        gradient[i] = (float) (weight * delta * Math.signum(error) / count);
      }
    }
    return new Loss(sum / count, gradient);
  }
}
