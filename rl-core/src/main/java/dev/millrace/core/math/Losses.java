package dev.millrace.core.math;

/** Losses of errors and of predictions, each with its gradient. */
public final class Losses {
  private Losses() {}

  /**
   * A loss.
   *
   * @param value of the whole batch
   * @param gradient {@code float[B]}, with respect to the function's first argument
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

  /**
   * Half the mean squared error, {@code 1/(2B) sum_i (p_i - t_i)²}, of state values against their
   * targets (Sutton and Barto 2018, "Reinforcement Learning: An Introduction", eq. 9.1 over a
   * batch; half, so that the gradient is the mean error).
   *
   * @param predictions {@code float[B]}
   * @param targets {@code float[B]}, constants
   */
  public static Loss squared(float[] predictions, float[] targets) {
    Shapes.require("targets", targets.length, predictions.length, "one for each prediction");
    if (predictions.length == 0) {
      throw new IllegalArgumentException("predictions has 0 entries: a mean needs at least 1");
    }
    int count = predictions.length;
    float[] gradient = new float[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double error = (double) predictions[i] - targets[i];
      sum += 0.5 * error * error;
      gradient[i] = (float) (error / count);
    }
    return new Loss(sum / count, gradient);
  }
}
