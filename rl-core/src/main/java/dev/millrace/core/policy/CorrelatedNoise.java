package dev.millrace.core.policy;

import dev.millrace.core.math.DiagonalGaussian;
import java.util.random.RandomGenerator;

/**
 * Gaussian actions whose noise is correlated from step to step of an episode: {@code e_0 ~ N(0,
 * 1)}, {@code e_t = c e_(t-1) + sqrt(1 - c²) N(0, 1)} in each dimension. Each action by itself is
 * still drawn from the policy's distribution, but exploration keeps its direction for about {@code
 * 1 / (1 - c)} steps, so it gets somewhere (Hollenstein et al. 2024, "Colored Noise in PPO:
 * Improved Exploration and Performance through Correlated Action Sampling"; an autoregressive
 * process in place of their coloured one, for it needs no memory but its last value).
 */
public final class CorrelatedNoise {
  private final DiagonalGaussian gaussian;
  private final double correlation;
  private final double fresh;
  private float[] noise = new float[0];

  /**
   * @param correlation c, of the noise of two successive steps, at least 0 and below 1
   */
  public CorrelatedNoise(DiagonalGaussian gaussian, double correlation) {
    if (!(correlation >= 0 && correlation < 1)) {
      throw new IllegalArgumentException(
          "noise correlation=%s: must be at least 0 and below 1".formatted(correlation));
    }
    this.gaussian = gaussian;
    this.correlation = correlation;
    fresh = Math.sqrt(1 - correlation * correlation);
  }

  /** Whether an episode's noise has begun, and the noise of the last step. */
  int memorySize() {
    return 1 + gaussian.size();
  }

  /**
   * Draws row {@code row}.
   *
   * @param outputs {@code float[rows × 2A]}, means and logarithms of standard deviations
   * @param memory {@code float[rows × memorySize()]}
   * @param raw {@code float[rows × A]}, of which one row is filled in
   */
  void sample(float[] outputs, int row, RandomGenerator random, float[] memory, float[] raw) {
    int size = gaussian.size();
    if (noise.length < raw.length) {
      noise = new float[raw.length];
    }
    int at = row * memorySize();
    boolean begun = memory[at] != 0;
    memory[at] = 1;
    for (int i = 0; i < size; i++) {
      double drawn = random.nextGaussian();
      float next = (float) (begun ? correlation * memory[at + 1 + i] + fresh * drawn : drawn);
      memory[at + 1 + i] = next;
      noise[row * size + i] = next;
    }
    gaussian.reparameterize(outputs, row, noise, raw);
  }
}
