package dev.millrace.core.math;

import java.util.random.RandomGenerator;

/**
 * Independent normal distributions of {@code size} numbers, with {@code 2 size} parameters: first
 * the means, then the natural logarithms of the standard deviations.
 *
 * @param size A, at least 1
 */
public record DiagonalGaussian(int size) implements Distribution {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  public DiagonalGaussian {
    if (size < 1) {
      throw new IllegalArgumentException("gaussian size=%d: must be at least 1".formatted(size));
    }
  }

  @Override
  public int parameters() {
    return 2 * size;
  }

  @Override
  public int actionSize() {
    return size;
  }

  /** Draws {@code size} times {@link RandomGenerator#nextGaussian}, in order of the dimensions. */
  @Override
  public void sample(float[] parameters, int row, RandomGenerator random, float[] actions) {
    int to = Shapes.row("actions", actions, row, size);
    for (int i = to; i < to + size; i++) {
      actions[i] = (float) random.nextGaussian();
    }
    reparameterize(parameters, row, actions, actions);
  }

  /**
   * The action {@code mean + std * noise} (Kingma and Welling 2014, "Auto-Encoding Variational
   * Bayes", section 2.4), for noise that was drawn elsewhere.
   *
   * @param parameters {@code float[B × 2A]}
   * @param noise {@code float[B × A]}, standard normal; may be {@code actions}
   * @param actions {@code float[B × A]}, of which the row is written
   */
  public void reparameterize(float[] parameters, int row, float[] noise, float[] actions) {
    int mean = Shapes.row("parameters", parameters, row, 2 * size);
    Shapes.row("noise", noise, row, size);
    int to = Shapes.row("actions", actions, row, size);
    for (int i = 0; i < size; i++) {
      double std = Math.exp(parameters[mean + size + i]);
      actions[to + i] = finite(row, i, parameters[mean + i] + std * noise[to + i]);
    }
  }

  @Override
  public void mode(float[] parameters, int row, float[] actions) {
    int mean = Shapes.row("parameters", parameters, row, 2 * size);
    int to = Shapes.row("actions", actions, row, size);
    for (int i = 0; i < size; i++) {
      actions[to + i] = finite(row, i, parameters[mean + i]);
    }
  }

  private static float finite(int row, int dimension, double action) {
    float rounded = (float) action;
    if (!Float.isFinite(rounded)) {
      throw new IllegalArgumentException(
          "action of row %d, dimension %d=%s: must be finite; no environment could take it"
              .formatted(row, dimension, action));
    }
    return rounded;
  }

  /** {@code sum_i -((u_i - m_i) / s_i)² / 2 - log s_i - log(2 pi) / 2}. */
  @Override
  public double logProbability(float[] parameters, int row, float[] actions) {
    int mean = Shapes.row("parameters", parameters, row, 2 * size);
    int from = Shapes.row("actions", actions, row, size);
    double sum = 0;
    for (int i = 0; i < size; i++) {
      double logStd = parameters[mean + size + i];
      double z = ((double) actions[from + i] - parameters[mean + i]) * Math.exp(-logStd);
      sum -= 0.5 * z * z + logStd + HALF_LOG_TWO_PI;
    }
    return sum;
  }

  /** {@code (u_i - m_i) / s_i²} for the means, {@code ((u_i - m_i) / s_i)² - 1} for log s_i. */
  @Override
  public void addLogProbabilityGradient(
      float[] parameters, int row, float[] actions, double scale, float[] gradients) {
    int mean = Shapes.row("parameters", parameters, row, 2 * size);
    int from = Shapes.row("actions", actions, row, size);
    Shapes.row("gradients", gradients, row, 2 * size);
    for (int i = 0; i < size; i++) {
      double inverse = Math.exp(-parameters[mean + size + i]);
      double z = ((double) actions[from + i] - parameters[mean + i]) * inverse;
      gradients[mean + i] += (float) (scale * z * inverse);
      gradients[mean + size + i] += (float) (scale * (z * z - 1));
    }
  }

  /** {@code sum_i log s_i + log(2 pi e) / 2} (Shannon 1948, section 20). */
  @Override
  public double entropy(float[] parameters, int row) {
    int mean = Shapes.row("parameters", parameters, row, 2 * size);
    double sum = size * (HALF_LOG_TWO_PI + 0.5);
    for (int i = mean + size; i < mean + 2 * size; i++) {
      sum += parameters[i];
    }
    return sum;
  }

  /** 1 for each logarithm of a standard deviation, 0 for the means. */
  @Override
  public void addEntropyGradient(float[] parameters, int row, double scale, float[] gradients) {
    int mean = Shapes.row("parameters", parameters, row, 2 * size);
    Shapes.row("gradients", gradients, row, 2 * size);
    for (int i = mean + size; i < mean + 2 * size; i++) {
      gradients[i] += (float) scale;
    }
  }

  /** {@code sum_i log(t_i / s_i) + (s_i² + (m_i - n_i)²) / (2 t_i²) - 1/2}, q's mean n, std t. */
  @Override
  public double kl(float[] p, float[] q, int row) {
    int mean = Shapes.row("p", p, row, 2 * size);
    Shapes.row("q", q, row, 2 * size);
    double sum = 0;
    for (int i = mean; i < mean + size; i++) {
      double logRatio = (double) p[i + size] - q[i + size];
      double z = ((double) p[i] - q[i]) * Math.exp(-q[i + size]);
      // expm1 keeps what is left of it between neighbours
      sum += 0.5 * (Math.expm1(2 * logRatio) - 2 * logRatio + z * z);
    }
    return sum;
  }

  /** {@code (n_i - m_i) / t_i²} for q's means, {@code 1 - (s_i² + (m_i - n_i)²) / t_i²}. */
  @Override
  public void addKlGradient(float[] p, float[] q, int row, double scale, float[] gradients) {
    int mean = Shapes.row("p", p, row, 2 * size);
    Shapes.row("q", q, row, 2 * size);
    Shapes.row("gradients", gradients, row, 2 * size);
    for (int i = mean; i < mean + size; i++) {
      double logRatio = (double) p[i + size] - q[i + size];
      double inverse = Math.exp(-q[i + size]);
      double z = ((double) p[i] - q[i]) * inverse;
      gradients[i] -= (float) (scale * z * inverse);
      gradients[i + size] -= (float) (scale * (Math.expm1(2 * logRatio) + z * z));
    }
  }
}
